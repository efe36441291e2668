namespace Darkroom.Engine.Scheduling;

/// <summary>What calls cost on one device: measured where it was, else the best guess.</summary>
internal interface ICallCosts
{
    /// <summary>Seconds of a call of so many evaluations, at least 1.</summary>
    double SecondsOf(in CostKey key, int evaluations, CallWidth width);

    /// <summary>
    /// Seconds of a call of so many evaluations that has the whole machine to itself: below the mean where requests, encoders or other programs take their
    /// share of it. What a job takes alone is counted with it.
    /// </summary>
    double SecondsAlone(in CostKey key, int evaluations) => SecondsOf(key, evaluations, CallWidth.Wide);

    /// <summary>Whether a call of so many evaluations was ever measured.</summary>
    bool IsMeasured(in CostKey key, int evaluations, CallWidth width);

    /// <summary>Maximum of evaluations that fit in the device's memory at once, as far as was found out; at least 1.</summary>
    int MaxEvaluations(in CostKey key);
}

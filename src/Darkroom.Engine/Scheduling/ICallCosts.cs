namespace Darkroom.Engine.Scheduling;

/// <summary>What calls cost on one device: measured where it was, else the best guess.</summary>
public interface ICallCosts
{
    /// <summary>Seconds of a call of so many evaluations, at least 1.</summary>
    double SecondsOf(in CallShape call, int evaluations, CallWidth width);

    /// <summary>Whether a call of so many evaluations was ever measured.</summary>
    bool IsMeasured(in CallShape call, int evaluations, CallWidth width);

    /// <summary>Most evaluations that fit in the device's memory at once, as far as was found out; at least 1.</summary>
    int MostOf(in CallShape call);
}

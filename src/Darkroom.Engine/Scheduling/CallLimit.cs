namespace Darkroom.Engine.Scheduling;

/// <summary>What is to be done about a call that runs.</summary>
internal enum CallVerdict
{
    GoOn,

    /// <summary>It is to be stopped.</summary>
    Stop,

    /// <summary>It was stopped and does not come back: its device is lost.</summary>
    GiveUp,
}

/// <summary>How long a call may take, and when it is stopped.</summary>
/// <param name="Estimate">Seconds that it should take.</param>
/// <param name="Max">Seconds that it may take.</param>
internal readonly record struct CallLimit(double Estimate, double Max)
{
    /// <summary>Times the estimate: what was never measured is guessed, and a machine may be busy with other things.</summary>
    private const double Margin = 20;

    /// <summary>Seconds that every call may take: the first one of a network reads its weights from a disk.</summary>
    private const double Floor = 20;

    /// <summary>Seconds after which a call that was told to stop is taken to hang inside one node.</summary>
    private const double Patience = 10;

    /// <summary>Seconds left of a call that nobody waits for, below which it may as well end: the next one waits as long for it.</summary>
    private const double Short = 1;

    /// <param name="costs">Of the device.</param>
    /// <param name="batch">What the call runs.</param>
    /// <param name="setting">Seconds that the settings allow a call; null: by its estimate.</param>
    public static CallLimit Of(ICallCosts costs, Batch batch, double? setting)
    {
        ArgumentNullException.ThrowIfNull(costs);
        ArgumentNullException.ThrowIfNull(batch);
        double estimate = costs.SecondsOf(batch.Key.Cost, batch.Evaluations.Count, batch.Width);
        return new(estimate, setting ?? Math.Max(Floor, Margin * estimate));
    }

    /// <param name="elapsed">Seconds since the call began.</param>
    /// <param name="sinceStop">Seconds since it was told to stop; null: it was not.</param>
    /// <param name="isWanted">Whether any job still waits for what it gives.</param>
    public CallVerdict Decide(double elapsed, double? sinceStop, bool isWanted)
    {
        // One that nobody waits for is given as long: a node of a large picture takes its time, and the device is none the worse for it.
        if (sinceStop is { } since) return since >= Patience && elapsed >= Max + Patience ? CallVerdict.GiveUp : CallVerdict.GoOn;
        if (elapsed >= Max) return CallVerdict.Stop;
        // What is late by some time is taken to need as much again.
        return !isWanted && Math.Abs(Estimate - elapsed) > Short ? CallVerdict.Stop : CallVerdict.GoOn;
    }
}

namespace Darkroom.Engine.Jobs;

/// <summary>Steps done of steps wanted, over all pictures of a job.</summary>
public readonly record struct JobProgress(int Step, int Steps)
{
    /// <summary>0…1</summary>
    public double Share => Steps == 0 ? 0 : (double)Step / Steps;

    /// <summary>How fast this attempt is; null before every picture had a step.</summary>
    public JobPace? Pace { get; init; }

    /// <summary>The same with more steps done.</summary>
    /// <param name="step">Steps done now.</param>
    /// <param name="wanted">Steps wanted, where that is known better by now; null: as many as before.</param>
    /// <param name="now">When they were done.</param>
    /// <param name="pictures">Pictures of the job: where they share calls, so many steps are reported in one moment, and only whole rounds measure
    /// time.</param>
    public JobProgress At(int step, int? wanted, DateTimeOffset now, int pictures) => this with
    {
        Step = step,
        Steps = Math.Max(step, wanted ?? Steps),
        Pace = Pace is not { } pace ? step < pictures ? null : new JobPace(step, now, step, now)
            : step - pace.Step < pictures ? pace
            : pace with { Step = step, At = now },
    };
}

/// <summary>
/// The first and the newest round of steps. What came before the first one, loading a model or encoding texts, is no measure of what a step takes.
/// </summary>
public readonly record struct JobPace(int FirstStep, DateTimeOffset FirstAt, int Step, DateTimeOffset At)
{
    /// <summary>Seconds; null until two rounds were seen.</summary>
    public double? SecondsPerStep => Step > FirstStep ? (At - FirstAt).TotalSeconds / (Step - FirstStep) : null;
}

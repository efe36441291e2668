namespace Darkroom.Engine.Jobs;

/// <summary>Steps done of steps wanted, over all pictures of a job.</summary>
public readonly record struct JobProgress(int Step, int Steps)
{
    /// <summary>0…1</summary>
    public double Share => Steps == 0 ? 0 : (double)Step / Steps;

    /// <summary>When the steps of this attempt were done; null before the first.</summary>
    public JobPace? Pace { get; init; }

    /// <summary>The same with more steps done.</summary>
    public JobProgress At(int step, DateTimeOffset now) =>
        this with { Step = step, Pace = Pace is { } pace ? pace with { Step = step, At = now } : new JobPace(step, now, step, now) };
}

/// <summary>
/// The first and the newest report of steps. What came before the first one, loading a model or encoding texts, is no measure of what a step takes.
/// </summary>
public readonly record struct JobPace(int FirstStep, DateTimeOffset FirstAt, int Step, DateTimeOffset At)
{
    /// <summary>Seconds; null until two reports differ.</summary>
    public double? SecondsPerStep => Step > FirstStep ? (At - FirstAt).TotalSeconds / (Step - FirstStep) : null;
}

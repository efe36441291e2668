namespace Darkroom.Engine.Jobs;

/// <summary>
/// What a job took so far, over its attempts. An attempt tells what it took in all and not what it took since, so that what is told twice counts once.
/// </summary>
/// <param name="Earlier">Of attempts before the one that told last.</param>
/// <param name="Attempt">The one that told last; 0: none did.</param>
/// <param name="Current">What that one told.</param>
/// <param name="At">When.</param>
public sealed record JobSpending(JobUsage Earlier, int Attempt, JobUsage Current, DateTimeOffset At)
{
    public static JobSpending None { get; } = new(JobUsage.None, 0, JobUsage.None, default);

    public JobUsage Total => Earlier + Current;

    /// <summary>With what an attempt took in all; null where that is known, or came after a later attempt's.</summary>
    public JobSpending? With(int attempt, JobUsage used, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(used);
        if (attempt > Attempt) return new(Total, attempt, used, now);
        return attempt == Attempt && used.DeviceSeconds > Current.DeviceSeconds ? this with { Current = used, At = now } : null;
    }
}

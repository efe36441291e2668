namespace Darkroom.Server.Webhooks;

/// <summary>How often, how long and how many at once.</summary>
internal sealed record WebhookPace
{
    /// <summary>
    /// From a try that failed to the next: the schedule that Standard Webhooks publishes. After as many the end is given up, three days after the first try.
    /// </summary>
    public IReadOnlyList<TimeSpan> Retries { get; init; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    /// <summary>Of one try, from the look-up of the name to the answer's status.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longer than a try can take: what is still taken then was taken by a process that died.</summary>
    public TimeSpan Lease => Timeout * 2 + TimeSpan.FromSeconds(30);

    /// <summary>Between two looks into the outbox, where nothing wakes the dispatcher.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Tries at once.</summary>
    public int MaxAtOnce { get; init; } = 16;

    /// <summary>Tries at once to one scheme, host and port.</summary>
    public int MaxOfOrigin { get; init; } = 2;

    /// <summary>How long a receiver that did not answer at all is left alone.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A receiver's own wish to be left alone is heeded up to this.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromHours(24);
}

namespace Darkroom.TestKit.Chaos;

/// <summary>
/// How an order may end, in words: <c>200</c>, the status and kind of a problem (<c>500 non_finite_output</c>), or <c>left</c> for a caller who did not
/// wait. A job that ended without its caller counts as the answer that it would have been.
/// </summary>
public sealed record Expectation(params IReadOnlyList<string> Ends)
{
    public const string Succeeded = "200", Left = "left", Cancelled = "409 job_cancelled", Expired = "503 deadline_expired",
        NonFinite = "500 non_finite_output", ModelFailed = "503 model_failed", QueueFull = "503 queue_full";

    /// <summary>A full queue may refuse whatever it is.</summary>
    public bool Allows(string end) => end == QueueFull || Ends.Contains(end);

    /// <summary>The same, or what the manner of its caller may make of it.</summary>
    public Expectation For(Manner manner) => manner switch
    {
        Manner.HangUp or Manner.Idle => new([.. Ends, Left]),
        Manner.Cancel => new([.. Ends, Cancelled]),
        Manner.Deadline => new([.. Ends, Expired]),
        _ => this,
    };

    public override string ToString() => string.Join(" or ", Ends);
}

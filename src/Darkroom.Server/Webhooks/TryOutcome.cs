namespace Darkroom.Server.Webhooks;

/// <summary>What became of one try to tell a receiver: a closed set.</summary>
internal abstract record TryOutcome
{
    private TryOutcome() { }

    /// <summary>It answered 2xx.</summary>
    public sealed record Delivered : TryOutcome;

    /// <summary>It answered 410, or may not be called any more: no other try.</summary>
    /// <param name="Reason">For the log.</param>
    public sealed record Gone(string Reason) : TryOutcome;

    /// <summary>Anything else; another try may help.</summary>
    /// <param name="Reason">For the log: a status or the kind of fault, and nothing of the receiver's.</param>
    /// <param name="Wish">What it asked for by <c>Retry-After</c>.</param>
    public sealed record Failed(string Reason, TimeSpan? Wish = null) : TryOutcome;

    /// <summary>Nothing was sent: the receiver is left alone for now.</summary>
    public sealed record Held(TimeSpan For) : TryOutcome;
}

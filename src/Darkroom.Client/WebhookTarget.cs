namespace Darkroom.Client;

/// <summary>Where the end of a job is told, by Standard Webhooks. The server must allow the address.</summary>
/// <param name="Url">An http or https address.</param>
public sealed record WebhookTarget(string Url)
{
    /// <summary>The ends that are told; null: all.</summary>
    public IReadOnlyList<JobStatus>? Events { get; init; }
}

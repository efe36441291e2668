using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Queue;

/// <summary>An end of a job that is to be told to somebody outside: an entry of the outbox.</summary>
public sealed record WebhookDelivery
{
    /// <summary>The same for all tries, and for one end of one job in every process: who gets it twice knows it by this.</summary>
    public required string Id { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Url { get; init; }

    /// <summary>Scheme, host and port of <see cref="Url"/>: what one receiver is told from another by.</summary>
    public required string Origin { get; init; }

    /// <summary>What is told.</summary>
    public required EndedJob Job { get; init; }

    /// <summary>Tries that failed.</summary>
    public int Tries { get; init; }

    /// <summary>Moves on with every taking: what an earlier one says is ignored.</summary>
    public int Attempt { get; init; }

    /// <summary>What a job's end makes due; null where nobody is to be told of it.</summary>
    /// <param name="job">A job that was just finished.</param>
    public static WebhookDelivery? Of(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (job.Request.Webhook is not { } webhook || !webhook.Tells(job.State)) return null;
        return new() { Id = "msg_" + job.Id, Url = webhook.Url, Origin = OriginOf(webhook.Url), Job = EndedJob.Of(job) };
    }

    public static string OriginOf(string url) => new Uri(url).GetLeftPart(UriPartial.Authority);

    /// <summary>Without the address, which may hold what only its owner is to know.</summary>
    public override string ToString() => Id;
}

using System.Security.Cryptography;

namespace Darkroom.Server.Webhooks;

/// <summary>When a try that failed is repeated. The times lie in the outbox, so that they outlive the process.</summary>
internal sealed class WebhookSchedule(WebhookPace pace)
{
    /// <summary>Jobs that ended together are not to come back together: up to a tenth later.</summary>
    private const double Jitter = 0.1;

    private const int Parts = 1024;

    /// <param name="failed">Tries that failed, this one among them: at least 1.</param>
    /// <param name="wish">What the receiver asked for; null: nothing.</param>
    /// <returns>Null: it is given up.</returns>
    public TimeSpan? After(int failed, TimeSpan? wish)
    {
        if (failed > pace.Retries.Count) return null;
        var delay = pace.Retries[failed - 1];
        if (wish > delay) delay = wish.Value < pace.MaxRetryAfter ? wish.Value : pace.MaxRetryAfter;
        return delay * (1 + Jitter * RandomNumberGenerator.GetInt32(Parts) / Parts);
    }
}

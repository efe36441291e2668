using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Darkroom.Storage.Postgres;

/// <summary>How operations of the database are tried again.</summary>
internal static class PostgresRetries
{
    /// <summary>Tries after the first one: a server that restarts or a connection that broke is back within them, or it is away.</summary>
    private const int Retries = 3;

    /// <summary>Of the first wait; the next ones are twice as long each, with a random part so that processes do not all come at once.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);

    /// <summary>How long nothing is tried after many failures in a row: who asks is told at once, and the server is left alone.</summary>
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(1);

    public static ResiliencePipeline Create(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Retries,
            Delay = FirstWait,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(Faults.IsPassing),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.9,
            MinimumThroughput = 8,
            SamplingDuration = TimeSpan.FromSeconds(5),
            BreakDuration = Break,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(Faults.IsPassing),
        })
        .Build();
}

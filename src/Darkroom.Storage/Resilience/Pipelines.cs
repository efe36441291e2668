using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Darkroom.Storage.Resilience;

/// <summary>
/// How what goes over a network is tried: a few times, each for a limited time, and not at all for a moment while most of it fails. This is the one place that
/// tries again; the clients' own retries are off, or the tries would multiply.
/// </summary>
internal static class Pipelines
{
    /// <summary>How many bytes an operation moves: a large one is given more time. Absent: next to none.</summary>
    public static readonly ResiliencePropertyKey<long> Bytes = new("bytes");

    /// <summary>One and three more: with the waits between them they bridge two seconds, as a restart of a proxy or a throttled moment takes.</summary>
    public const int S3Attempts = 4;

    /// <summary>Before the second try; twice as long before each one after it, with a random part, so that several servers do not come back at once.</summary>
    public static readonly TimeSpan S3FirstWait = TimeSpan.FromMilliseconds(300);

    /// <summary>One try of an operation that moves little: object stores answer those in well under a second, and slow ones in two or three.</summary>
    public static readonly TimeSpan S3AttemptTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What is added to the time of a try for its bytes: a slow line of 8 Mbit/s.</summary>
    public const double S3BytesPerSecond = 1_000_000;

    /// <summary>The breaker opens when half of the tries fail within this time: long enough for two operations, short enough to forget an old fault.</summary>
    public static readonly TimeSpan S3SamplingTime = TimeSpan.FromSeconds(30);

    /// <summary>Fewer tries than two whole operations say nothing.</summary>
    public const int S3MinThroughput = 2 * S3Attempts;

    public const double S3FailureRatio = 0.5;

    /// <summary>How long nothing is tried then: callers are answered at once meanwhile. One operation finds out whether it is over.</summary>
    public static readonly TimeSpan S3BreakTime = TimeSpan.FromSeconds(5);

    /// <summary>For an object store.</summary>
    /// <param name="time">Measures and waits.</param>
    /// <param name="isTransient">Whether a failure may go by itself; one that may not is neither tried again nor counted by the breaker.</param>
    /// <param name="state">Tells whether the breaker is open.</param>
    public static ResiliencePipeline S3(TimeProvider time, Func<Exception, bool> isTransient, CircuitBreakerStateProvider state) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = S3Attempts - 1,
                Delay = S3FirstWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e and not BrokenCircuitException && IsFault(e, isTransient)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = S3FailureRatio,
                MinimumThroughput = S3MinThroughput,
                SamplingDuration = S3SamplingTime,
                BreakDuration = S3BreakTime,
                StateProvider = state,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e && IsFault(e, isTransient)),
            })
            .AddTimeout(new TimeoutStrategyOptions
            {
                TimeoutGenerator = args => ValueTask.FromResult(
                    S3AttemptTimeout + TimeSpan.FromSeconds(args.Context.Properties.GetValue(Bytes, 0) / S3BytesPerSecond)),
            })
            .Build();

    /// <summary>One and three more: a connection that broke is opened again, and a server that restarts is back within them, or it is away.</summary>
    public const int PostgresAttempts = 4;

    /// <summary>Before the second try, as for objects; a database answers in milliseconds, and a job's end waits for it.</summary>
    public static readonly TimeSpan PostgresFirstWait = TimeSpan.FromMilliseconds(50);

    public static readonly TimeSpan PostgresSamplingTime = TimeSpan.FromSeconds(5);

    /// <summary>Nearly all: a pool whose connections were cut off fails several times in a row, and is well.</summary>
    public const double PostgresFailureRatio = 0.9;

    /// <summary>How long nothing is tried then: the engine's loop and callers are answered at once meanwhile.</summary>
    public static readonly TimeSpan PostgresBreakTime = TimeSpan.FromSeconds(1);

    /// <summary>For a database; its own driver bounds the time of a try.</summary>
    /// <param name="time">Measures and waits.</param>
    /// <param name="isTransient">Whether a failure may go by itself.</param>
    public static ResiliencePipeline Postgres(TimeProvider time, Func<Exception, bool> isTransient) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = PostgresAttempts - 1,
                Delay = PostgresFirstWait,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e && isTransient(e)),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = PostgresFailureRatio,
                MinimumThroughput = 2 * PostgresAttempts,
                SamplingDuration = PostgresSamplingTime,
                BreakDuration = PostgresBreakTime,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } e && isTransient(e)),
            })
            .Build();

    private static bool IsFault(Exception failure, Func<Exception, bool> isTransient) => failure is TimeoutRejectedException || isTransient(failure);
}

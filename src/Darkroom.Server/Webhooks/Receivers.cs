using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Darkroom.Server.Webhooks;

/// <summary>
/// Who is being told: how many tries are under way, in all and to each receiver, and who is left alone. A receiver that hangs takes its own places and nobody
/// else's.
/// </summary>
internal sealed class Receivers(WebhookPace pace, TimeProvider time)
{
    /// <summary>Receivers that are remembered; of more, those that nothing is sent to are forgotten.</summary>
    private const int MaxKept = 1024;

    /// <summary>Tries without any answer, among those of a minute, after which a receiver is left alone.</summary>
    private const int MinFailures = 4;

    private const double FailureShare = 0.75;

    private readonly Lock gate = new();
    private readonly Dictionary<string, Receiver> receivers = [];
    private int underWay;

    /// <summary>Whether another try may begin.</summary>
    public bool HaveRoom
    {
        get
        {
            lock (gate) return underWay < pace.MaxAtOnce;
        }
    }

    /// <summary>Origins to which nothing is sent now.</summary>
    public IReadOnlyCollection<string> Busy
    {
        get
        {
            var now = time.GetUtcNow();
            lock (gate) return [.. receivers.Where(one => one.Value.UnderWay >= pace.MaxOfOrigin || one.Value.HeldUntil > now).Select(one => one.Key)];
        }
    }

    /// <summary>A try begins.</summary>
    /// <returns>What it goes through.</returns>
    public ResiliencePipeline Enter(string origin)
    {
        lock (gate)
        {
            if (!receivers.TryGetValue(origin, out var receiver))
            {
                if (receivers.Count >= MaxKept)
                    foreach (var (idle, _) in receivers.Where(one => one.Value.UnderWay == 0).ToList()) receivers.Remove(idle);
                receivers.Add(origin, receiver = new(NewPipeline()));
            }
            underWay++;
            receiver.UnderWay++;
            return receiver.Pipeline;
        }
    }

    /// <summary>It is over.</summary>
    public void Leave(string origin)
    {
        lock (gate)
        {
            underWay--;
            receivers[origin].UnderWay--;
        }
    }

    /// <summary>Nothing is sent there for a time.</summary>
    public void Hold(string origin, TimeSpan span)
    {
        lock (gate) receivers[origin].HeldUntil = time.GetUtcNow() + span;
    }

    /// <summary>
    /// A try's time, and a breaker for receivers that do not answer at all: behind one host may stand many, so that what one of them answers says nothing of
    /// the others. When a try is repeated is not asked here: that must outlive the process.
    /// </summary>
    private ResiliencePipeline NewPipeline() => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
            FailureRatio = FailureShare,
            MinimumThroughput = MinFailures,
            SamplingDuration = TimeSpan.FromMinutes(1),
            BreakDuration = pace.Break,
        })
        .AddTimeout(pace.Timeout)
        .Build();

    private sealed class Receiver(ResiliencePipeline pipeline)
    {
        public ResiliencePipeline Pipeline => pipeline;

        public int UnderWay { get; set; }

        public DateTimeOffset HeldUntil { get; set; }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Darkroom.Server.Tests.Telemetry;

/// <summary>Listens to Darkroom's spans and those of requests, and keeps the ones that have ended.</summary>
internal sealed class SpanCapture : IDisposable
{
    private readonly ActivityListener listener;
    private readonly ConcurrentQueue<Activity> ended = new();

    public SpanCapture()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Microsoft.AspNetCore" || source.Name.StartsWith("Darkroom", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    /// <summary>A span that a request can come from: its trace is nobody else's.</summary>
    public static ActivityContext Caller() => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);

    public static string TextOf(ActivityContext span) => $"00-{span.TraceId}-{span.SpanId}-01";

    /// <summary>Spans of a trace whose names begin so, in the order of their ends.</summary>
    public Activity[] Of(ActivityTraceId trace, string name = "") =>
        [.. ended.Where(span => span.TraceId == trace && span.OperationName.StartsWith(name, StringComparison.Ordinal))];

    /// <summary>The one span of a trace whose name begins so, as soon as it has ended.</summary>
    public async Task<Activity> OneAsync(ActivityTraceId trace, string name)
    {
        for (int i = 0; i < 3000 && Of(trace, name).Length == 0; i++) await Task.Delay(10);
        return Assert.Single(Of(trace, name));
    }

    /// <summary>Every span that links to this one.</summary>
    public Activity[] LinkedTo(Activity span) => [.. ended.Where(other => other.Links.Any(link => link.Context == span.Context))];

    public void Dispose() => listener.Dispose();
}

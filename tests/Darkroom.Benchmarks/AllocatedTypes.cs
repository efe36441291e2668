using System.Diagnostics.Tracing;

namespace Darkroom.Benchmarks;

/// <summary>Listens to the runtime's allocation ticks in this process: about one in every 100 KiB names its type.</summary>
internal sealed class AllocatedTypes : EventListener
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> ticks = [];

    public IEnumerable<(string Type, double Share)> Shares()
    {
        lock (gate)
        {
            double all = ticks.Values.Sum();
            return [.. ticks.OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value / all))];
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        const EventKeywords Gc = (EventKeywords)1;
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, Gc);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) != true || eventData.PayloadNames is not { } names) return;
        int at = names.IndexOf("TypeName");
        if (at < 0 || eventData.Payload?[at] is not string type) return;
        lock (gate) ticks[type] = ticks.GetValueOrDefault(type) + 1;
    }
}

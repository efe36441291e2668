using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Residency;

public sealed class GraphTelemetryTests
{
    [Fact]
    public async Task A_device_counts_its_parts_and_their_calls_with_its_own_meter()
    {
        using var meters = new Meters();
        using var others = new Meters();
        using var listener = new MeterListener();
        var counts = new ConcurrentDictionary<string, long>();
        var parts = new ConcurrentBag<object?>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, one, _, _) => counts.AddOrUpdate(instrument.Name, one, (_, sum) => sum + one));
        listener.SetMeasurementEventCallback<double>((instrument, seconds, tags, _) =>
        {
            Assert.True(seconds > 0);
            counts.AddOrUpdate(instrument.Name, 1, static (_, sum) => sum + 1);
            parts.Add(tags[0].Value);
        });
        listener.Start();
        using var device = new TinyDevice(1, telemetry: new GraphTelemetry(meters));
        using var other = new TinyDevice(1, telemetry: new GraphTelemetry(others));

        await TinyDevice.TouchAsync(device.Part("a"), device.Part("b"), other.Part("c"));
        TinyDevice.Run(device.Part("d"), 0.5f);

        Assert.Equal((3, 2, 1), (counts["darkroom.part.opened"], counts["darkroom.part.evicted"], counts["darkroom.graph.run.duration"]));
        Assert.Equal(["upscalers"], parts);
    }

    /// <summary>
    /// The metrics of graphs are those of <c>docs/metrics.md</c>. Where they are meant to change, run once with DARKROOM_APPROVE=1 and review the difference.
    /// </summary>
    [Fact]
    public async Task Document_has_the_metrics_of_graphs()
    {
        using var sheet = new TestKit.MetricSheet();
        using var device = new TinyDevice(1, telemetry: new GraphTelemetry(sheet));
        await TinyDevice.TouchAsync(device.Part("a"), device.Part("b"));
        TinyDevice.Run(device.Part("c"), 0.5f);
        var (wanted, found) = sheet.Section("Graphs");
        Assert.Equal(wanted, found);
    }

    /// <summary>Marks its meters as its own, as the host's factory does.</summary>
    private sealed class Meters : IMeterFactory
    {
        private readonly List<Meter> made = [];

        public Meter Create(MeterOptions options)
        {
            options.Scope = this;
            made.Add(new(options));
            return made[^1];
        }

        public void Dispose()
        {
            foreach (var meter in made) meter.Dispose();
        }
    }
}

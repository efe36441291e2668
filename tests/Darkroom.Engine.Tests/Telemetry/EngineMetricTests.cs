using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Telemetry;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Engine.Tests.Telemetry;

/// <summary>
/// The engine's metrics, with units, labels and buckets, are those of <c>docs/metrics.md</c>. Where they are meant to change, run once with
/// DARKROOM_APPROVE=1 and review the difference: dashboards rely on them.
/// </summary>
public sealed class EngineMetricTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private static readonly Job Succeeded = new()
    {
        Id = "a", Request = Requests.Plain, State = JobState.Succeeded, CreatedAt = Start, StartedAt = Start.AddSeconds(1), FinishedAt = Start.AddSeconds(2),
        Result = new([], [], new(1000, 10, 900, 50, 2000, 4, 1), "hash"),
    };

    [Fact]
    public async Task Document_has_the_engines_metrics()
    {
        using var sheet = new MetricSheet();
        using var engine = new EngineHarness();
        var jobs = new JobTelemetry(sheet);
        jobs.Ended(Succeeded);
        jobs.Lost(Succeeded);
        jobs.Rejected(Succeeded.Request, "queue_full");
        var calls = new CallTelemetry(sheet);
        calls.Ended("denoise", "m", "0", 2, 0.1);
        calls.Served("denoise", "m", 0.01, 0.1);
        new MemoryTelemetry(sheet).Shrunk();
        new PreviewTelemetry(sheet).Shown();
        using var queue = new QueueMeter(engine.Store, new QueueReadings(engine.Store, engine.Clock), sheet, engine.Clock, NullLogger<QueueMeter>.Instance);
        await using var pool = new ModelPool(
            new ModelCatalog(Path.Combine(Repository.Root, "models")), new ModelHash(), [],
            [new DeviceMemory(new DeviceSpec { BudgetBytes = 1 << 20 }, null, new MemoryLedger(1 << 30))], "starter");
        var readings = new EngineReadings(
            new EngineActivity(1, engine.Clock), pool, engine.Options, new InputMemory(1 << 20), engine.Decoded, engine.Artifacts);
        var meter = new EngineMeter(engine.Active, pool, pool, readings, sheet);
        await meter.StartAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => pool.GetAsync("starter")); // no family opens it, which is counted
        await meter.StopAsync(TestContext.Current.CancellationToken);

        var (wanted, found) = sheet.Section("The engine");
        Assert.Equal(wanted, found);
    }

    [Fact]
    public void Rejected_requests_are_jobs_with_that_outcome_and_a_reason()
    {
        using var sheet = new MetricSheet();
        var seen = new List<string>();
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == sheet && instrument.Name == "darkroom.jobs") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => seen.Add($"{count} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}"));
        listener.Start();
        var telemetry = new JobTelemetry(sheet);
        telemetry.Rejected(Requests.Plain, "queue_full");
        telemetry.Ended(Succeeded);
        Assert.Equal([$"1 {Requests.Plain.Model} txt2img rejected queue_full", $"1 {Requests.Plain.Model} txt2img succeeded "], seen);
    }
}

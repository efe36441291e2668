using System.Diagnostics.Metrics;
using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Queue;

/// <summary>Looks at the queue from time to time, so that a scrape costs the store nothing.</summary>
internal sealed class QueueMeter : PeriodicWork
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly QueueReadings readings;
    private readonly TimeProvider time;
    private readonly ILogger<QueueMeter> log;

    public QueueMeter(IJobStore store, QueueReadings readings, IMeterFactory meters, TimeProvider time, ILogger<QueueMeter> log) : base(Interval, time)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (this.readings, this.time, this.log) = (readings, time, log);
        var meter = meters.Create(JobTelemetry.MeterName);
        meter.CreateObservableUpDownCounter("darkroom.queue.jobs", Jobs, "{job}", "Jobs that wait, by priority.");
        meter.CreateObservableUpDownCounter("darkroom.queue.work", () => readings.Last.MegapixelSteps, "{megapixel-step}", "Work that waits.");
        meter.CreateObservableGauge("darkroom.queue.oldest", Oldest, "s", "How long the oldest job has waited.");
        meter.CreateObservableUpDownCounter("darkroom.queue.paused", () => store.IsPaused ? 1 : 0, "{queue}", "1 while an operator has the queue stand still.");
    }

    protected override async Task TurnAsync(CancellationToken cancellation) => await readings.ReadAsync(cancellation);

    protected override void Failed(Exception exception) => EngineLog.QueueNotMeasured(log, exception.Message);

    private IEnumerable<Measurement<int>> Jobs() => Enum.GetValues<JobPriority>().Select(priority => new Measurement<int>(
        readings.Last.Jobs.GetValueOrDefault(priority),
        new KeyValuePair<string, object?>("priority", JsonNamingPolicy.SnakeCaseLower.ConvertName(priority.ToString()))));

    private double Oldest() => readings.Last.OldestAt is { } at ? Math.Max(0, (time.GetUtcNow() - at).TotalSeconds) : 0;
}

using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Microsoft.Extensions.Hosting;

namespace Darkroom.Engine.Execution;

/// <summary>What is in flight, in memory and open in this process, for those who ask.</summary>
internal sealed class EngineMeter : IHostedService
{
    private readonly ModelPool pool;
    private readonly IModelDirectory models;
    private readonly Histogram<double> loads;

    public EngineMeter(ActiveJobs active, ModelPool pool, IModelDirectory models, EngineReadings readings, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        (this.pool, this.models) = (pool, models);
        var meter = meters.Create(JobTelemetry.MeterName);
        meter.CreateObservableUpDownCounter("darkroom.jobs.running", () => active.Jobs.Count, "{job}", "Jobs that this process has in hand.");
        meter.CreateObservableUpDownCounter("darkroom.rows.running", () => active.Rows.Count, "{row}", "Pictures that still need a device.");
        meter.CreateObservableUpDownCounter("darkroom.device.memory", Memory, "By", "Weights in a device's memory, and what it may have.");
        meter.CreateObservableUpDownCounter(
            "darkroom.memory", () => Parts(readings, part => part.Bytes), "By", "The process's memory, by what it is used for.");
        meter.CreateObservableUpDownCounter(
            "darkroom.memory.limit", () => Parts(readings, part => part.LimitBytes), "By", "What each use of the process's memory may take.");
        meter.CreateObservableUpDownCounter("darkroom.model.state", States, "{model}", "1 for the state that a model is in.");
        loads = meter.CreateHistogram("darkroom.model.load.duration", "s", "Opening a model, by outcome.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
        });
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        pool.Loaded += Loaded;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        pool.Loaded -= Loaded;
        return Task.CompletedTask;
    }

    private void Loaded(string model, TimeSpan took, Exception? failure) => loads.Record(
        took.TotalSeconds, new("model", model), new("outcome", failure is null ? "ready" : "failed"));

    private IEnumerable<Measurement<long>> Memory()
    {
        for (int i = 0; i < pool.Devices.Count; i++)
        {
            var device = pool.Devices[i];
            string index = i.ToString(CultureInfo.InvariantCulture);
            yield return new(device.UsedBytes, new("device", index), new("kind", "weights"));
            if (device.Spec.BudgetBytes < long.MaxValue) yield return new(device.Spec.BudgetBytes, new("device", index), new("kind", "budget"));
        }
    }

    private static IEnumerable<Measurement<long>> Parts(EngineReadings readings, Func<MemoryReading, long?> bytes) =>
        from part in readings.Memory
        where bytes(part) is not null
        select new Measurement<long>(bytes(part)!.Value, new KeyValuePair<string, object?>("part", part.Part));

    private IEnumerable<Measurement<int>> States() => models.All.Select(model => new Measurement<int>(
        1, new("model", model.Id), new("state", Name(model.Fault is null ? models.StatusOf(model.Id).State : ModelState.Failed))));

    private static string Name(ModelState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

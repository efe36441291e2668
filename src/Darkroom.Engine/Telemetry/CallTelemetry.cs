using System.Diagnostics;
using System.Diagnostics.Metrics;
using Darkroom.Engine.Energy;

namespace Darkroom.Engine.Telemetry;

/// <summary>Calls of networks on this process's devices: how many rows shared each, how long it took, and how busy the devices are.</summary>
internal sealed class CallTelemetry
{
    private readonly Histogram<int> rows;
    private readonly Histogram<double> duration, wait, step;
    private readonly Counter<double> busy, deviceTime, processorTime, energy;

    public CallTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(JobTelemetry.MeterName);
        rows = meter.CreateHistogram("darkroom.batch.size", "{row}", "Rows that shared a call.", advice: new InstrumentAdvice<int>
        {
            HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64],
        });
        duration = meter.CreateHistogram("darkroom.call.duration", "s", "A call of a network, its recovery included.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        });
        wait = meter.CreateHistogram(
            "darkroom.batch.wait", "s", "From when a row could run to its call: for a free device, and for rows to share it.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.0001, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
            });
        step = meter.CreateHistogram(
            "darkroom.denoise.step", "s", "A step of a picture: its wait for the call, and the call.", advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
        });
        busy = meter.CreateCounter<double>("darkroom.device.busy", "s", "Time that devices spent in calls; its rate is how busy they are.");
        deviceTime = meter.CreateCounter<double>("darkroom.device", "s", "Time of devices; calls that run side by side on one share it.");
        processorTime = meter.CreateCounter<double>("darkroom.processor", "s", "Processor time of the process while calls ran.");
        energy = meter.CreateCounter<double>("darkroom.energy", "J", "Energy of devices during calls, where the machine tells it.");
    }

    /// <summary>A call ended. Nothing is allocated for it.</summary>
    /// <param name="kind">Of the network: denoiser, decoder …</param>
    /// <param name="model">Its model.</param>
    /// <param name="device">Index of the device.</param>
    public void Ended(string kind, string model, string device, int count, double seconds)
    {
        var labels = new TagList { { "stage", kind }, { "model", model } };
        rows.Record(count, labels);
        duration.Record(seconds, labels);
        busy.Add(seconds, new KeyValuePair<string, object?>("device", device));
    }

    /// <summary>What the call took of the machine.</summary>
    public void Spent(string model, string device, in CallSpending spent)
    {
        var labels = new TagList { { "device", device }, { "model", model } };
        deviceTime.Add(spent.DeviceSeconds, labels);
        processorTime.Add(spent.ProcessorSeconds, labels);
        if (spent.Joules is { } joules) energy.Add(joules, labels);
    }

    /// <summary>A row of such a call waited before it. Nothing is allocated for it.</summary>
    /// <param name="kind">Of the network.</param>
    /// <param name="model">Its model.</param>
    /// <param name="waited">Seconds.</param>
    /// <param name="took">Seconds of the call where it was a step of the row; null: it was none.</param>
    public void Served(string kind, string model, double waited, double? took)
    {
        wait.Record(waited, new TagList { { "stage", kind }, { "model", model } });
        if (took is { } seconds) step.Record(waited + seconds, new KeyValuePair<string, object?>("model", model));
    }
}

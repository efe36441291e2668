using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Telemetry;

/// <summary>
/// What became of jobs that this process ended, and how long each part of it took. Labels are models, tasks and outcomes: never a caller or a job.
/// </summary>
internal sealed class JobTelemetry
{
    public const string MeterName = "Darkroom.Engine";

    private static readonly double[] Seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

    private readonly Counter<long> jobs, images, lost;
    private readonly Counter<double> work;
    private readonly Histogram<double> duration, wait, stage;
    private readonly Histogram<int> attempts;

    public JobTelemetry(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        var meter = meters.Create(MeterName);
        var buckets = new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds };
        jobs = meter.CreateCounter<long>("darkroom.jobs", "{job}", "Jobs that ended or were rejected, by outcome and, where they failed, by reason.");
        images = meter.CreateCounter<long>("darkroom.images", "{image}", "Pictures of jobs that succeeded.");
        work = meter.CreateCounter<double>("darkroom.megapixel_steps", "{megapixel-step}", "Work of jobs that succeeded.");
        lost = meter.CreateCounter<long>("darkroom.lease.lost", "{job}", "Jobs that were taken back from a process that died.");
        duration = meter.CreateHistogram("darkroom.job.duration", "s", "From admission to the end.", advice: buckets);
        wait = meter.CreateHistogram("darkroom.queue.wait", "s", "From admission to the first claim.", advice: buckets);
        stage = meter.CreateHistogram(
            "darkroom.stage", "s", "Time of the calls that served a job's stage, by stage: encode, denoise, decode.", advice: buckets);
        attempts = meter.CreateHistogram("darkroom.job.attempts", "{attempt}", "Claims that a job needed to its end.", advice: new InstrumentAdvice<int>
        {
            HistogramBucketBoundaries = [0, 1, 2, 3, 5],
        });
    }

    public void Ended(Job job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var labels = LabelsOf(job.Request);
        jobs.Add(1, [.. labels, new("outcome", Name(job.State)), new("reason", job.Failure is { } failure ? Name(failure.Kind) : "")]);
        var end = job.FinishedAt ?? job.CreatedAt;
        duration.Record((end - job.CreatedAt).TotalSeconds, labels);
        attempts.Record(job.Attempt, labels);
        if (job.StartedAt is { } started) wait.Record((started - job.CreatedAt).TotalSeconds, labels);
        if (job.State != JobState.Succeeded) return;
        images.Add(job.Result?.Images.Count ?? 0, labels);
        work.Add(JobCost.MegapixelSteps(job), labels);
        if (job.Result is not { Timings: var times }) return;
        Stage("encode", times.EncodeMs);
        Stage("denoise", times.DenoiseMs);
        Stage("decode", times.DecodeMs);

        void Stage(string name, double ms)
        {
            if (ms > 0) stage.Record(ms / 1000, [.. labels, new("stage", name)]);
        }
    }

    /// <summary>A request was refused before it became a job.</summary>
    /// <param name="reason">In snake case.</param>
    public void Rejected(GenerationRequest request, string reason) =>
        jobs.Add(1, [.. LabelsOf(request), new("outcome", "rejected"), new("reason", reason)]);

    /// <summary>A job was taken back.</summary>
    public void Lost(Job job) => lost.Add(1, LabelsOf(job.Request));

    private static TagList LabelsOf(GenerationRequest request) => new() { { "model", request.Model }, { "task", Name(request.Task) } };

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

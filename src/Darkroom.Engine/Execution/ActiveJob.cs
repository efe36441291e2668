using System.Collections.Immutable;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>A claimed job: its rows, and what they have delivered so far. Only the engine's loop touches it.</summary>
/// <param name="job">As it was claimed.</param>
/// <param name="work">What one of its pictures needs.</param>
internal sealed class ActiveJob(Job job, JobWork work)
{
    private readonly GeneratedImage?[] images = new GeneratedImage?[job.Request.Count];
    private readonly List<string> warnings = [.. job.Warnings];
    private double encodeMs, denoiseMs, decodeMs;
    private int denoiserCalls, denoiserRows;
    private JobProgress told;

    public Job Job { get; } = job;

    public GenerationRequest Request => Job.Request;

    public JobWork Work { get; } = work;

    public List<Row> Rows { get; } = [];

    /// <summary>Whether the model's denoiser takes a timestep for each row.</summary>
    public bool TimestepPerRow { get; set; }

    /// <summary>Content hash of the model, or of the upscaler where that is the whole task.</summary>
    public string ModelHash { get; set; } = "";

    /// <summary>Adds a warning once.</summary>
    public void Warn(string text)
    {
        if (!warnings.Contains(text)) warnings.Add(text);
    }

    public void AddEncodeTime(double ms) => encodeMs += ms;

    public void AddDecodeTime(double ms) => decodeMs += ms;

    /// <summary>One denoiser call that <paramref name="rows"/> rows shared.</summary>
    public void AddDenoiseCall(double ms, int rows)
    {
        denoiseMs += ms;
        denoiserCalls++;
        denoiserRows += rows;
    }

    /// <summary>Progress over all rows, delivered ones included; null where it is what was told before.</summary>
    public (int Steps, int? Wanted)? Advance()
    {
        int done = 0, wanted = 0;
        bool known = true;
        foreach (var row in Rows)
        {
            var progress = row.Progress;
            done += progress.Step;
            wanted += progress.Steps;
            known &= row.Upscale is null or { KnowsTiles: true };
        }
        if (done <= told.Step) return null;
        told = new(done, wanted);
        return (done, known ? wanted : null); // what was reckoned at admission stands until it is known
    }

    /// <summary>Takes a stored picture; true when it was the last.</summary>
    public bool Deliver(GeneratedImage image)
    {
        images[image.Index] = image;
        return Array.TrueForAll(images, one => one is not null);
    }

    /// <summary>Where it stands among the jobs of a device.</summary>
    public Standing StandingOf(ICallCosts costs, FairShare shares, DateTimeOffset now)
    {
        double left = 0;
        bool begun = false;
        foreach (var row in Rows)
        {
            left += Work.SecondsLeft(row, costs);
            begun |= row.StepsDone > 0;
        }
        return new Standing((now - Job.CreatedAt).TotalSeconds, left, Work.SecondsOf(costs) * Rows.Count, Request.Priority, shares.IsOver(Request.Caller, begun));
    }

    public JobResult Result(DateTimeOffset now) => new(
        images.Select(image => image!).ToImmutableArray(),
        warnings.ToImmutableArray(),
        new JobTimings(
            QueuedMs: (Job.StartedAt!.Value - Job.CreatedAt).TotalMilliseconds,
            EncodeMs: encodeMs,
            DenoiseMs: denoiseMs,
            DecodeMs: decodeMs,
            TotalMs: (now - Job.CreatedAt).TotalMilliseconds,
            Steps: Request.Task == GenerationTask.Upscale ? told.Steps : Request.Steps,
            MeanBatch: denoiserCalls == 0 ? 0 : (double)denoiserRows / denoiserCalls),
        ModelHash);
}

using System.Collections.Immutable;
using System.Diagnostics;
using Darkroom.Engine.Energy;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Telemetry;

namespace Darkroom.Engine.Execution;

/// <summary>A claimed job: its rows, and what they have delivered so far. Only the engine's loop touches it.</summary>
/// <param name="job">As it was claimed.</param>
/// <param name="work">What one of its pictures needs.</param>
internal sealed class ActiveJob(Job job, JobWork work)
{
    private readonly GeneratedImage?[] images = new GeneratedImage?[job.Request.Count];
    private readonly List<string> warnings = [.. job.Warnings];
    private readonly double[] milliseconds = new double[Enum.GetValues<TimingKind>().Length];
    private readonly Dictionary<int, JobTexts> texts = [];
    private readonly CancellationTokenSource ended = new(); // without a timer there is nothing to dispose of
    private int denoiserCalls, denoiserRows;
    private JobProgress told;
    private CallSpending? used, toldUsed;
    private JobFailure? failure;
    private JobFinding? finding;
    private string outcome = "left";

    public Job Job { get; } = job;

    public GenerationRequest Request => Job.Request;

    public JobWork Work { get; } = work;

    public List<Row> Rows { get; } = [];

    /// <summary>Of this attempt at it; null: it is not traced.</summary>
    public Activity? Span { get; private set; }

    /// <summary>Fires when it leaves the engine, however it ended.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>It is in flight from now on.</summary>
    public void Begin() => Span = JobSpans.Begin(Job);

    /// <summary>It was decided how it ends.</summary>
    /// <param name="reason">Why it failed; null: it succeeded.</param>
    public void Decide(JobFailure? reason) => (failure, outcome) = (reason, reason is null ? "succeeded" : "failed");

    /// <summary>Nobody asks for its pictures any more.</summary>
    public void End()
    {
        ended.Cancel();
        JobSpans.End(Span, outcome, failure);
    }

    /// <summary>What its rows on a device read.</summary>
    public JobTexts TextsOn(int device) => texts.TryGetValue(device, out var known) ? known : texts[device] = new JobTexts();

    /// <summary>What its rows took in all; null: nothing yet.</summary>
    public JobUsage? Used => used?.ToUsage();

    /// <summary>Whether a device has any of its rows.</summary>
    public bool IsBusy
    {
        get
        {
            foreach (var row in Rows)
                if (row.IsBusy) return true;
            return false;
        }
    }

    /// <summary>Whether none of its rows could run now: each waits for something to be loaded.</summary>
    public bool IsLoading
    {
        get
        {
            foreach (var row in Rows)
                if (!row.IsLoading) return false;
            return true;
        }
    }

    /// <summary>Adds a warning once.</summary>
    public void Warn(string text)
    {
        if (!warnings.Contains(text)) warnings.Add(text);
    }

    /// <summary>Records a call that its rows were in.</summary>
    /// <param name="kind">The network.</param>
    /// <param name="ms">Milliseconds that it took.</param>
    /// <param name="rows">Rows that shared it, those of other jobs included.</param>
    /// <param name="share">What of the call was its own.</param>
    public void AddCall(NetworkKind kind, double ms, int rows, in CallSpending share)
    {
        used = used is { } before ? before + share : share;
        milliseconds[(int)kind.Timing] += ms;
        if (!kind.IsMain) return;
        denoiserCalls++;
        denoiserRows += rows;
    }

    /// <summary>What its rows took in all, to be told; null: nothing since it was told last.</summary>
    public JobUsage? TakeUsed()
    {
        if (used == toldUsed) return null;
        toldUsed = used;
        return Used;
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
            known &= row.IsTotalKnown;
        }
        if (done <= told.Step) return null;
        told = new(done, wanted);
        return (done, known ? wanted : null); // what was estimated at admission stands until it is known
    }

    /// <summary>Takes a stored picture, or what a row found in the place of one; true when it was the last.</summary>
    public bool Deliver(GeneratedImage? image, JobFinding? found)
    {
        finding ??= found;
        if (image is null) return true; // what measures has one row
        images[image.Index] = image;
        return Array.TrueForAll(images, one => one is not null);
    }

    public JobResult Result(DateTimeOffset now) => new(
        images.OfType<GeneratedImage>().ToImmutableArray(),
        warnings.ToImmutableArray(),
        new JobTimings(
            QueuedMs: (Job.StartedAt!.Value - Job.CreatedAt).TotalMilliseconds,
            EncodeMs: milliseconds[(int)TimingKind.Encode],
            DenoiseMs: milliseconds[(int)TimingKind.Denoise],
            DecodeMs: milliseconds[(int)TimingKind.Decode],
            TotalMs: (now - Job.CreatedAt).TotalMilliseconds,
            Steps: Request.Task == GenerationTask.Upscale ? told.Steps : Request.StepsShown,
            MeanBatch: denoiserCalls == 0 ? 0 : (double)denoiserRows / denoiserCalls),
        Rows[0].Memory.ModelHash)
    {
        Finding = finding,
    };
}

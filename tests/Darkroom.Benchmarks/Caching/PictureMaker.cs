using System.Diagnostics;
using System.Diagnostics.Metrics;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Telemetry;
using Darkroom.Imaging;

namespace Darkroom.Benchmarks.Caching;

/// <summary>A picture, the seconds from asking to its end, and the rows of the network that it took: a guidance pair is two.</summary>
internal sealed record Made(Picture Picture, double Seconds, long Rows);

/// <summary>Makes pictures one at a time.</summary>
internal sealed class PictureMaker : IDisposable
{
    private readonly IGenerationQueue queue;
    private readonly IArtifactStore artifacts;
    private readonly MeterListener listener = new();
    private long calls;

    public PictureMaker(IGenerationQueue queue, IArtifactStore artifacts)
    {
        (this.queue, this.artifacts) = (queue, artifacts);
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == JobTelemetry.MeterName && instrument.Name == "darkroom.batch.size") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) =>
        {
            foreach (var tag in tags)
                if (tag is { Key: "stage", Value: string stage } && stage == Denoise.Network.Name) Interlocked.Increment(ref calls);
        });
        listener.Start();
    }

    public async Task<Made> MakeAsync(GenerationRequest request)
    {
        long before = Interlocked.Read(ref calls), started = Stopwatch.GetTimestamp();
        var admitted = (Admission.Accepted)await queue.SubmitAsync(request, [], CancellationToken.None);
        using var pictures = admitted.Pictures;
        var job = await queue.WaitAsync(admitted.Job.Id, CancellationToken.None);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (job.Result is not { } result) throw new InvalidOperationException($"{job.Failure}");
        var picture = PictureDecoder.Decode((await artifacts.ReadAsync(result.Images[0].ArtifactId, CancellationToken.None))!.Value);
        return new(picture, seconds, Interlocked.Read(ref calls) - before + GuidedCalls(request, Interlocked.Read(ref calls) - before));
    }

    public void Dispose() => listener.Dispose();

    /// <summary>Calls of two rows.</summary>
    private static long GuidedCalls(GenerationRequest request, long all) => request.Cache is null
        ? all * Enumerable.Range(0, request.Steps).Count(step => request.GuidanceInterval.Guides(step, request.Steps)) / request.Steps
        : all;
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Telemetry;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>What became of a row that left the device: a stored picture, or why it could not be stored.</summary>
internal sealed record Delivered(ActiveJob Job, GeneratedImage? Image, JobFailure? Failure);

/// <summary>Encodes and stores finished pictures off the device thread, and hands what came of it back to the loop.</summary>
internal sealed class Delivery(IArtifactStore artifacts, AsyncSignal signal, ILogger<Delivery> log)
{
    private static readonly JobFailure NoSpace = new(JobFailureKind.DiskFull, "There is no space on the server's disk for the finished picture.");

    private readonly ConcurrentQueue<Delivered> done = new();

    /// <summary>Takes a decoded row; returns at once.</summary>
    public void Send(Row row) => _ = Task.Run(async () =>
    {
        done.Enqueue(await DeliverAsync(row));
        signal.Set();
    });

    public bool TryTake([NotNullWhen(true)] out Delivered? delivered) => done.TryDequeue(out delivered);

    // A picture that was only upscaled says what it said before, and that.
    private static PictureLabel? LabelOf(Row row, Picture picture) => row.Memory.Work is UpscaleWork sent
        ? sent.Record.Extended(PictureText.OfUpscaling(row.Request, picture), PictureText.Version)
        : PictureText.Of(row.Request, row.Memory.Seed, row.Memory.Model.Description, row.Memory.ModelHash, picture);

    private async Task<Delivered> DeliverAsync(Row row)
    {
        try
        {
            var request = row.Request;
            var picture = row.Finish();
            byte[] bytes = PictureEncoder.Encode(picture, request.Format, request.Quality, request.Metadata ? LabelOf(row, picture) : null);
            if (await artifacts.AddAsync(row.Job.Job.Id, request.Format, bytes, CancellationToken.None) is not ArtifactAdded.Stored(var stored))
                return new Delivered(row.Job, null, NoSpace);
            return new Delivered(row.Job, new GeneratedImage(
                row.Memory.Index, row.Memory.Seed, picture.Width, picture.Height, request.Format, bytes.Length, stored.Sha256, stored.Id), null);
        }
        catch (Exception e)
        {
            // Whatever went wrong here concerns this picture alone: the loop and its other rows must go on.
            EngineLog.DeliveryFailed(log, row.Job.Job.Id, e);
            return new Delivered(row.Job, null, new JobFailure(JobFailureKind.Internal, "The finished picture could not be encoded and stored."));
        }
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Telemetry;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>What became of a row that left the device: a stored picture, what it found, or why it could not be stored.</summary>
internal sealed record Delivered(ActiveJob Job, GeneratedImage? Image, JobFailure? Failure)
{
    /// <summary>What it found of the picture that was sent, beside a picture or in the place of one.</summary>
    public JobFinding? Finding { get; init; }
}

/// <summary>
/// Encodes and stores finished pictures off the device thread, and hands what came of it back to the loop. While the store is away a picture is kept and tried
/// again, after waits that grow: minutes of a device are not lost for one of a network.
/// </summary>
internal sealed class Delivery(
    IArtifactStore artifacts, PictureLoading pictures, AsyncSignal signal, EngineLifetime lifetime, TimeProvider time, ILogger<Delivery> log)
{
    private const double MinWait = 1, MaxWait = 15; // seconds

    /// <summary>How long a store may be away: an object store that restarts or moves takes minutes, and nothing is begun meanwhile.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly JobFailure Away = new(JobFailureKind.StoreUnavailable,
        "The store of pictures could not be reached for ten minutes, and the finished picture was given up.");

    private static readonly JobFailure NoSpace = new(JobFailureKind.DiskFull, "There is no space on the server's disk for the finished picture.");

    private readonly ConcurrentQueue<Delivered> done = new();
    private int waiting;

    /// <summary>Whether a picture waits for the store.</summary>
    public bool IsWaiting => Volatile.Read(ref waiting) > 0;

    /// <summary>Takes a decoded row; returns at once.</summary>
    public void Send(Row row) => _ = Task.Run(async () =>
    {
        if (await DeliverAsync(row) is { } delivered) done.Enqueue(delivered);
        signal.Set();
    });

    public bool TryTake([NotNullWhen(true)] out Delivered? delivered) => done.TryDequeue(out delivered);

    // A picture that was only upscaled says what it said before, and that.
    private static PictureLabel? LabelOf(Row row, Picture picture) => row.Memory.Work is UpscaleWork sent
        ? sent.Record.Extended(PictureText.OfUpscaling(row.Request, picture), PictureText.Version)
        : PictureText.Of(row.Memory.Used, row.Memory.Seed, row.Memory.Model.Description, row.Memory.ModelHash, picture, row.Memory.Index);

    private static (int Width, int Height, byte[] Bytes, Picture? Shown) Encode(Row row)
    {
        using var span = JobSpans.Part(row.Job.Span, "encode picture");
        var request = row.Request;
        if (request.KeepsValues)
        {
            var values = row.Memory.FinishValues();
            PictureLabel? text = !request.Metadata ? null
                : PictureText.Of(row.Memory.Used, row.Memory.Seed, row.Memory.Model.Description, row.Memory.ModelHash, row.Memory.Index);
            var shown = values.Channels == 3 ? PixelConversion.FromNetwork(values.Planes, values.Width, values.Height) : null;
            return (values.Width, values.Height, PictureEncoder.Encode(values, request.Format, request.BitDepth, request.Quality, text), shown);
        }
        var picture = row.Finish();
        return (picture.Width, picture.Height,
            PictureEncoder.Encode(picture, request.Format, request.Quality, request.Metadata ? LabelOf(row, picture) : null), picture);
    }

    private async Task<PictureComparison?> CompareAsync(Row row, byte[] made) => row.Request.Verify is not { } order ? null
        : row.Request.KeepsValues
            ? PictureComparing.Of(await pictures.ValuesAsync(order.Picture, row.Request.Channels), made, row.Request, row.Memory.ModelHash)
            : PictureComparing.Of(await pictures.LoadAsync(order.Picture), made, order, row.Memory.ModelHash);

    /// <returns>Null: nobody asks for the picture any more.</returns>
    private async Task<Delivered?> DeliverAsync(Row row)
    {
        try
        {
            var request = row.Request;
            if (request.Features is not null) return await DeliverFeaturesAsync(row);
            if (request.Measures) return new Delivered(row.Job, null, null) { Finding = row.Memory.Finding };
            var (width, height, bytes, shown) = Encode(row);
            var comparison = await CompareAsync(row, bytes);
            using var span = JobSpans.Part(row.Job.Span, "store picture");
            span?.SetTag("darkroom.bytes", bytes.Length);
            if (await StoreAsync(row.Job, bytes, request.Format) is not ArtifactAdded.Stored(var stored))
                return new Delivered(row.Job, null, NoSpace);
            var attributions = new List<Attribution>();
            foreach (var (word, drawn) in shown is null ? [] : WordPictures.Of(row, shown))
            {
                if (await StoreAsync(row.Job, drawn, PictureFormat.Png) is not ArtifactAdded.Stored(var map)) return new Delivered(row.Job, null, NoSpace);
                attributions.Add(word with { ArtifactId = map.Id });
            }
            return new Delivered(row.Job, new GeneratedImage(
                row.Memory.Index, row.Memory.Seed, width, height, request.Format, bytes.Length, stored.Sha256, stored.Id)
            {
                Comparison = comparison,
                Attributions = attributions.Count == 0 ? null : attributions,
            }, null)
            {
                Finding = row.Memory.Finding,
            };
        }
        catch (OperationCanceledException) when (row.Job.Ended.IsCancellationRequested || lifetime.Halting.IsCancellationRequested)
        {
            return null; // its job ended, or is given back to the store to be done again
        }
        catch (StoreException e) when (e.Fault == StoreFault.Unavailable)
        {
            EngineLog.DeliveryFailed(log, row.Job.Job.Id, e);
            return new Delivered(row.Job, null, Away);
        }
        catch (Exception e)
        {
            // Whatever went wrong here concerns this picture alone: the loop and its other rows must go on.
            EngineLog.DeliveryFailed(log, row.Job.Job.Id, e);
            return new Delivered(row.Job, null, e is OutOfMemoryException
                ? JobFailure.NoMemory : new JobFailure(JobFailureKind.Internal, "The finished picture could not be encoded and stored."));
        }
    }

    private async Task<Delivered> DeliverFeaturesAsync(Row row)
    {
        byte[] bytes = FeatureFiles.Of(row);
        return await StoreAsync(row.Job, bytes, PictureFormat.Safetensors) is ArtifactAdded.Stored(var stored)
            ? new Delivered(row.Job, null, null) { Finding = new() { Features = FeatureFiles.FoundOf(row, stored.Id, stored.Sha256, bytes.Length) } }
            : new Delivered(row.Job, null, NoSpace);
    }

    /// <summary>Stores a picture: now, or as soon as the store is back.</summary>
    /// <exception cref="StoreException">It was away for too long.</exception>
    /// <exception cref="OperationCanceledException">The picture is of no use any more.</exception>
    private async Task<ArtifactAdded> StoreAsync(ActiveJob job, byte[] bytes, PictureFormat format)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(job.Ended, lifetime.Halting);
        long begun = time.GetTimestamp();
        bool waits = false;
        try
        {
            for (double wait = MinWait; ; wait = Math.Min(MaxWait, 2 * wait))
            {
                try
                {
                    return await artifacts.AddAsync(job.Job.Id, format, bytes, ended.Token);
                }
                catch (StoreException away) when (away.Fault == StoreFault.Unavailable && time.GetElapsedTime(begun) < Patience)
                {
                    if (!waits)
                    {
                        waits = true;
                        Interlocked.Increment(ref waiting);
                        EngineLog.DeliveryWaits(log, job.Job.Id, away.Message);
                    }
                }
                // Half of it at random: pictures that wait together do not come back together.
                double share = 0.5 + RandomNumberGenerator.GetInt32(501) / 1000.0;
                await Task.Delay(TimeSpan.FromSeconds(share * wait), time, ended.Token);
            }
        }
        finally
        {
            if (waits) Interlocked.Decrement(ref waiting);
        }
    }
}

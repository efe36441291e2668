using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Http;
using Darkroom.Server.OpenAi.Contracts;
using Darkroom.Server.OpenAi.Reading;
using Darkroom.Server.Problems;

namespace Darkroom.Server.OpenAi.Answers;

/// <summary>A job as OpenAI's events: previews while it runs, then each finished picture, or one error. Comments between them show that it lives.</summary>
internal sealed class ImageStream(JobFeed feed, IArtifactStore artifacts, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <param name="context">The request that is answered.</param>
    /// <param name="run">The admitted job; its caller who leaves cancels it, whatever is being written.</param>
    /// <param name="wish">How the caller wants it.</param>
    /// <param name="name">First half of the events' names.</param>
    public async Task WriteAsync(HttpContext context, GenerationRun run, OpenAiWish wish, string name)
    {
        var left = context.RequestAborted;
        var waiting = run.WaitAsync(left).AsTask();
        EventWriter.Begin(context.Response);
        try
        {
            await context.Response.StartAsync(left);
            await context.Response.BodyWriter.FlushAsync(left);
            await WritePreviewsAsync(context, run.Job.Id, wish, name, waiting);
            await WriteEndAsync(context, await waiting, wish, name);
        }
        catch (Exception gone) when (left.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            await waiting; // which cancels the job
        }
    }

    private async Task WritePreviewsAsync(HttpContext context, string job, OpenAiWish wish, string name, Task<Outcome> waiting)
    {
        if (wish.Partials == 0)
        {
            while (await Task.WhenAny(waiting, Task.Delay(Heartbeat, time, context.RequestAborted)) != waiting) await CommentAsync(context);
            return;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        await using var news = feed.ReadAsync(job, default, stop.Token).GetAsyncEnumerator(stop.Token);
        var next = news.MoveNextAsync().AsTask();
        var sent = new Dictionary<int, int>(); // previews of each picture
        try
        {
            while (await Task.WhenAny(next, waiting, Task.Delay(Heartbeat, time, stop.Token)) is var first && first != waiting)
            {
                if (first != next)
                {
                    await CommentAsync(context);
                    continue;
                }
                if (!await next) return;
                if (news.Current.Preview is { } preview && sent.GetValueOrDefault(preview.Index) is var count && count < wish.Partials)
                {
                    sent[preview.Index] = count + 1;
                    await WriteAsync(context, Of(preview, count, wish, name), OpenAiJson.Wire.PartialImageEvent, []);
                }
                next = news.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // The feed must have come to rest before it is disposed of.
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task WriteEndAsync(HttpContext context, Outcome outcome, OpenAiWish wish, string name) => outcome switch
    {
        Outcome.Succeeded { Result: var result } => WritePicturesAsync(context, result, wish, name),
        Outcome.Failed { Failure: var failure } => WriteAsync(context, FailureTable.Of(failure)),
        Outcome.Parted { Failure: var failure } => WriteAsync(context, FailureTable.Of(failure)),
        _ => Task.CompletedTask,
    };

    private async Task WritePicturesAsync(HttpContext context, JobResult result, OpenAiWish wish, string name)
    {
        foreach (var image in result.Images)
        {
            await using var open = await artifacts.OpenAsync(image.ArtifactId, context.RequestAborted);
            if (open is null)
            {
                await WriteAsync(context, new Problem(ProblemType.Internal, "A picture is no longer held."));
                return;
            }
            var data = new PictureData(open);
            await WriteAsync(context, Of(image, data, wish, name), OpenAiJson.Wire.ImageCompletedEvent, [data]);
        }
    }

    private PartialImageEvent Of(Preview preview, int index, OpenAiWish wish, string name) => new(
        name + ".partial_image", preview.Png, Now, ImagesResponse.SizeOf(preview.Width, preview.Height), wish.Quality, ImagesResponse.Opaque, "png", index);

    private ImageCompletedEvent Of(GeneratedImage image, PictureData data, OpenAiWish wish, string name) => new(
        name + ".completed", data, Now, ImagesResponse.SizeOf(image.Width, image.Height), wish.Quality, ImagesResponse.Opaque,
        PictureFormats.NameOf(image.Format), image.Seed);

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    private static Task WriteAsync(HttpContext context, Problem problem) =>
        WriteAsync(context, new ErrorEvent("error", OpenAiErrors.BodyOf(problem)), OpenAiJson.Wire.ErrorEvent, [], "error");

    private static Task WriteAsync(HttpContext context, PartialImageEvent data, JsonTypeInfo<PartialImageEvent> type, IReadOnlyList<PictureData> pictures) =>
        WriteAsync(context, data, type, pictures, data.Type);

    private static Task WriteAsync(
        HttpContext context, ImageCompletedEvent data, JsonTypeInfo<ImageCompletedEvent> type, IReadOnlyList<PictureData> pictures) =>
        WriteAsync(context, data, type, pictures, data.Type);

    private static async Task WriteAsync<T>(HttpContext context, T data, JsonTypeInfo<T> type, IReadOnlyList<PictureData> pictures, string name)
    {
        var (body, left) = (context.Response.Body, context.RequestAborted);
        await body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: "), left);
        await PicturesInJson.CopyAsync(body, JsonSerializer.SerializeToUtf8Bytes(data, type), pictures, left);
        await body.WriteAsync("\n\n"u8.ToArray(), left);
        await body.FlushAsync(left);
    }

    private static async Task CommentAsync(HttpContext context) =>
        await new EventWriter(context.Response.BodyWriter).CommentAsync("still here", context.RequestAborted);
}

using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Native.Answers;

/// <summary>One reader's stream: events of the job, heartbeats between them. Ends with the job, the reader, or the server's drain.</summary>
internal sealed class JobEventStream(
    JobFeed feed, IGenerationQueue queue, IArtifactStore artifacts, JobAnswers answers, EventStreams streams, Drain drain, TimeProvider time)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task WriteAsync(HttpContext context, string id, JobMark after)
    {
        EventWriter.Begin(context.Response);
        if (HttpMethods.IsHead(context.Request.Method)) return;
        using var open = streams.Enter();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, drain.Over);
        try
        {
            await context.Response.StartAsync(end.Token);
            await context.Response.BodyWriter.FlushAsync(end.Token);
            await WriteAsync(context, id, new EventWriter(context.Response.BodyWriter), feed.ReadAsync(id, after, end.Token), end);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The reader left, or the server does: the stream ends as it stands.
        }
    }

    private async Task WriteAsync(HttpContext context, string id, EventWriter writer, IAsyncEnumerable<JobNews> feed, CancellationTokenSource stop)
    {
        var end = stop.Token;
        await using var news = feed.GetAsyncEnumerator(end);
        var next = news.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                try
                {
                    if (!await next.WaitAsync(Heartbeat, time, end)) return;
                }
                catch (TimeoutException)
                {
                    await writer.CommentAsync("still here", end);
                    continue;
                }
                await WriteAsync(context, id, writer, news.Current, end);
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

    private ValueTask WriteAsync(HttpContext context, string id, EventWriter writer, JobNews news, CancellationToken end) =>
        news.Preview is { } preview ? writer.WriteAsync(news.Mark.ToString(), "preview", Of(preview), WireJson.Wire.PreviewEvent, end)
        : WriteAsync(context, id, writer, news.Mark.ToString(), news.Event!, end);

    private async ValueTask WriteAsync(HttpContext context, string id, EventWriter writer, string mark, JobEvent happened, CancellationToken end)
    {
        var name = WireNames.Of(happened.Kind);
        if (await queue.FindAsync(id, end) is not { } job)
        {
            // Forgotten in this moment: that it ended is told even so.
            await writer.WriteAsync(mark, name, new(id, happened.At, null, null), WireJson.Wire.StandingEvent, end);
            return;
        }
        switch (happened.Kind)
        {
            case JobEventKind.Progress:
                var progress = happened.Progress;
                var eta = JobAnswers.Seconds(await queue.OutlookAsync(job with { Progress = progress }, end));
                await writer.WriteAsync(mark, name, new(progress.Step, progress.Steps, progress.Share, eta), WireJson.Wire.ProgressEvent, end);
                break;
            case JobEventKind.Succeeded:
                await writer.WriteAsync(mark, name, await GenerationAnswers.OfAsync(job, ReturnMode.Url, artifacts, end), WireJson.Wire.GenerationAnswer, end);
                break;
            case JobEventKind.Failed or JobEventKind.Cancelled or JobEventKind.Expired:
                await writer.WriteAsync(mark, name, answers.ProblemOf(job, context)!, WireJson.Wire.ProblemDocument, end);
                break;
            default:
                var outlook = await queue.OutlookAsync(job, end);
                var position = happened.Kind == JobEventKind.Queued ? outlook.Position : null;
                await writer.WriteAsync(mark, name, new(id, happened.At, position, JobAnswers.Seconds(outlook)), WireJson.Wire.StandingEvent, end);
                break;
        }
    }

    private static PreviewEvent Of(Preview preview) => new(preview.Index, preview.Step, "png", preview.Width, preview.Height, preview.Png);
}

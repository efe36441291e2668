using System.Runtime.CompilerServices;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;

namespace Darkroom.Engine.Queue;

/// <summary>
/// A job's events and its previews as one stream, which ends with the event that finishes the job. It is pulled: a reader who is slow finds the newest
/// progress and the newest preview when it asks again, and at most one of each is held for it.
/// </summary>
public sealed class JobFeed(IGenerationQueue queue, IPreviewBoard board)
{
    /// <param name="id">The job.</param>
    /// <param name="after">What was read before; default: nothing.</param>
    /// <param name="cancellation">Ends the reading; the job goes on.</param>
    public async IAsyncEnumerable<JobNews> ReadAsync(string id, JobMark after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (mark, events) = (after, queue.EventsAsync(id, after.Version, end.Token).GetAsyncEnumerator(end.Token));
        var happened = events.MoveNextAsync().AsTask();
        var posted = board.NextAsync(id, after.Preview, end.Token).AsTask();
        try
        {
            while (true)
            {
                await Task.WhenAny(happened, posted);
                if (posted.IsCompleted)
                {
                    var (number, preview) = await posted;
                    mark = mark with { Preview = number };
                    yield return new JobNews(mark, null, preview);
                    posted = board.NextAsync(id, number, end.Token).AsTask();
                }
                if (happened.IsCompleted)
                {
                    if (!await happened) yield break;
                    mark = mark with { Version = events.Current.Version };
                    yield return new JobNews(mark, events.Current, null);
                    // Here and not when the events run out: a preview may be posted in between, and nothing follows the end.
                    if (events.Current.Kind >= JobEventKind.Succeeded) yield break;
                    happened = events.MoveNextAsync().AsTask();
                }
            }
        }
        finally
        {
            // Neither may be left behind: an enumerator that still moves cannot be disposed of.
            await end.CancelAsync();
            await ((Task)happened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ((Task)posted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await events.DisposeAsync();
        }
    }
}

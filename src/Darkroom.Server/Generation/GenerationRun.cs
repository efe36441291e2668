using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Server.Generation;

/// <summary>
/// An admitted order and its caller. Until it is disposed of the server does not stop; a job that goes on without its caller then holds the server itself.
/// </summary>
internal sealed class GenerationRun(Job job, Waiting waiting, IGenerationQueue queue, Drain.Place place, Drain drain, TimeProvider time) : IDisposable
{
    private bool goesOn = !waiting.CancelsOnLeave;

    /// <summary>The job as it was admitted.</summary>
    public Job Job => job;

    /// <summary>Whether the job is an earlier one that the caller's key found.</summary>
    public bool IsReplay { get; init; }

    /// <summary>What happens to the job, from its beginning to its end.</summary>
    public IAsyncEnumerable<JobEvent> EventsAsync(CancellationToken left) => queue.EventsAsync(job.Id, 0, left);

    /// <summary>Waits as the caller wants.</summary>
    /// <param name="left">Fires when the caller leaves.</param>
    public async ValueTask<Outcome> WaitAsync(CancellationToken left)
    {
        if (!waiting.Waits) return await PendingAsync(left);
        using var patience = waiting.Patience is { } longest ? new CancellationTokenSource(longest, time) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(left, patience.Token, drain.Parting);
        try
        {
            return Ended(await queue.WaitAsync(job.Id, either.Token));
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            return new Outcome.Left(waiting.CancelsOnLeave ? await queue.CancelAsync(job.Id, CancellationToken.None) ?? job : job);
        }
        catch (OperationCanceledException) when (drain.Parting.IsCancellationRequested)
        {
            goesOn = true;
            var last = await queue.FindAsync(job.Id, CancellationToken.None) ?? job;
            return last.IsFinished ? Ended(last) : new Outcome.Parted(last, Failures.GoesOn(last));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return await PendingAsync(left);
        }
    }

    private Outcome Ended(Job finished)
    {
        goesOn = false;
        return finished is { State: JobState.Succeeded, Result: { } result }
            ? new Outcome.Succeeded(finished, result)
            : new Outcome.Failed(finished, Failures.Of(finished, drain.Cancels));
    }

    public void Dispose()
    {
        if (goesOn) _ = LeaveAfterAsync();
        else place.Dispose();
    }

    private async ValueTask<Outcome> PendingAsync(CancellationToken left)
    {
        goesOn = true;
        return new Outcome.Pending(await queue.FindAsync(job.Id, left) ?? job);
    }

    private async Task LeaveAfterAsync()
    {
        place.LeaveAlone();
        using (place) await queue.WaitAsync(job.Id, CancellationToken.None);
    }
}

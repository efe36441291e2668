namespace Darkroom.Engine.Execution;

/// <summary>Wakes one waiting loop. Any number of signals before a wait count as one.</summary>
internal sealed class AsyncSignal
{
    private readonly SemaphoreSlim semaphore = new(0, 1);

    public void Set()
    {
        try
        {
            semaphore.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already set: the loop will wake.
        }
    }

    /// <summary>Wakes the loop when a task is done, however it ends.</summary>
    public void SetAfter(Task task)
    {
        if (!task.IsCompleted)
            _ = task.ContinueWith(_ => Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellation) => semaphore.WaitAsync(atMost, cancellation);
}

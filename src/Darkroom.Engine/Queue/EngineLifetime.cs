namespace Darkroom.Engine.Queue;

/// <summary>Whether the engine still takes requests, and what it has lost.</summary>
public sealed class EngineLifetime : IDisposable
{
    private readonly CancellationTokenSource failed = new(), stopping = new(), halting = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? loss;
    private volatile bool storeIsFull;

    public bool IsStopping => stopping.IsCancellationRequested;

    /// <summary>Why a device was given up, the last of them; null: none was.</summary>
    public string? Loss => loss;

    /// <summary>Whether what the engine has to write finds no room on the store's disk. It goes on trying.</summary>
    public bool StoreIsFull
    {
        get => storeIsFull;
        internal set => storeIsFull = value;
    }

    /// <summary>Fires when no device is left: the process is of no more use.</summary>
    public CancellationToken Failed => failed.Token;

    /// <summary>Done when the engine holds no job any more and takes none: each was finished, or given back to the store.</summary>
    public Task Ended => ended.Task;

    /// <summary>Claims no job from now on. Those in flight go on.</summary>
    public void Stop() => stopping.Cancel();

    /// <summary>Gives back what is in flight at its next step boundary.</summary>
    public void Halt() => halting.Cancel();

    public void Dispose()
    {
        failed.Dispose();
        stopping.Dispose();
        halting.Dispose();
    }

    internal CancellationToken Stopping => stopping.Token;

    internal CancellationToken Halting => halting.Token;

    internal void End() => ended.TrySetResult();

    /// <param name="reason">A sentence for the operator.</param>
    /// <param name="isLast">Whether no other is left.</param>
    internal void LoseDevice(string reason, bool isLast)
    {
        loss = reason;
        if (!isLast) return;
        Stop();
        failed.Cancel();
    }
}

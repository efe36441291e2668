namespace Darkroom.Server.Generation;

/// <summary>
/// Memory for pictures that are decoded before their job is admitted. Callers wait for it in their order; a picture larger than all of it goes alone. Safe for
/// any number of threads.
/// </summary>
/// <param name="capacityBytes">Of pixels at a time.</param>
internal sealed class DecodeMemory(long capacityBytes)
{
    private readonly Lock gate = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Turn)> waiting = [];
    private long held;

    /// <summary>Takes room for so many bytes of pixels; to be given back by <see cref="Release"/>.</summary>
    /// <exception cref="OperationCanceledException">Nothing was taken.</exception>
    public async ValueTask TakeAsync(long bytes, CancellationToken cancellation)
    {
        LinkedListNode<(long Bytes, TaskCompletionSource Turn)> node;
        lock (gate)
        {
            if (waiting.Count == 0 && Fits(bytes))
            {
                held += bytes;
                return;
            }
            node = waiting.AddLast((bytes, new(TaskCreationOptions.RunContinuationsAsynchronously)));
        }
        await using (cancellation.Register(() => Withdraw(node, cancellation)))
            await node.Value.Turn.Task;
    }

    public void Release(long bytes)
    {
        lock (gate)
        {
            held -= bytes;
            Serve();
        }
    }

    private bool Fits(long bytes) => held == 0 || held + bytes <= capacityBytes;

    private void Serve()
    {
        while (waiting.First is { } first && Fits(first.Value.Bytes))
        {
            waiting.RemoveFirst();
            held += first.Value.Bytes;
            first.Value.Turn.SetResult();
        }
    }

    private void Withdraw(LinkedListNode<(long Bytes, TaskCompletionSource Turn)> node, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (node.List is null) return; // it has its room
            waiting.Remove(node);
            node.Value.Turn.SetCanceled(cancellation);
            Serve();
        }
    }
}

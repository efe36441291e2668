namespace Darkroom.Engine.Queue;

/// <summary>What waits, in numbers that are a second old at most: however many ask, the store is asked once.</summary>
public sealed class QueueReadings(IJobStore store, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);
    private volatile QueueSummary last = QueueSummary.Empty;
    private long? readAt;

    /// <summary>As it was read last.</summary>
    public QueueSummary Last => last;

    /// <summary>Reads it, unless that was done a moment ago.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async ValueTask<QueueSummary> ReadAsync(CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            if (readAt is { } at && time.GetElapsedTime(at) < MaxAge) return last;
            last = await store.SummariseAsync(cancellation);
            readAt = time.GetTimestamp();
            return last;
        }
        finally
        {
            gate.Release();
        }
    }
}

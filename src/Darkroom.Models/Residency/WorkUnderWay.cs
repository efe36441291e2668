namespace Darkroom.Models.Residency;

/// <summary>
/// Counts what runs in native code: sessions that are opened, called or let go. A process that ends meanwhile is torn down under the runtime's own threads,
/// and may die of that.
/// </summary>
internal sealed class WorkUnderWay
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count;
    private bool isLast;

    /// <summary>Records that something begins; not after <see cref="EndAsync"/>.</summary>
    public void Begin()
    {
        lock (gate) count++;
    }

    /// <summary>Records that it is over.</summary>
    public void End()
    {
        lock (gate)
            if (--count == 0 && isLast) idle.TrySetResult();
    }

    /// <summary>Nothing begins any more.</summary>
    /// <returns>Done when nothing is under way.</returns>
    public Task EndAsync()
    {
        lock (gate)
        {
            isLast = true;
            if (count == 0) idle.TrySetResult();
            return idle.Task;
        }
    }
}

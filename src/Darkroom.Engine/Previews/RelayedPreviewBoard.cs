namespace Darkroom.Engine.Previews;

/// <summary>
/// Previews of jobs that run in this process or in another. Those of this one are brought away only while a reader elsewhere waits, one at a time and at most
/// every <see cref="BringEvery"/> for each job; those of others hang here while somebody reads.
/// </summary>
public sealed class RelayedPreviewBoard : IPreviewBoard
{
    /// <summary>How long a reader's wish holds; it is told again while he waits.</summary>
    public static readonly TimeSpan WantedFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BringEvery = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly MemoryPreviewBoard board = new();
    private readonly Dictionary<string, Errand> own = []; // jobs of this process that had a preview
    private readonly Dictionary<string, long> wanted = []; // jobs that readers here waited for, and when
    private readonly IPreviewCarrier carrier;
    private readonly TimeProvider time;

    public RelayedPreviewBoard(IPreviewCarrier carrier, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(carrier);
        (this.carrier, this.time) = (carrier, time);
        carrier.Brought += id => _ = FetchAsync(id);
    }

    public void Post(Preview preview)
    {
        ArgumentNullException.ThrowIfNull(preview);
        board.Post(preview);
        bool isWanted = carrier.IsWanted(preview.JobId);
        lock (gate)
        {
            if (!own.TryGetValue(preview.JobId, out var errand)) own.Add(preview.JobId, errand = new Errand());
            if (!isWanted) return;
            errand.Newest = preview;
            if (errand.IsRunning) return;
            errand.IsRunning = errand.WasBrought = true;
            _ = Task.Run(() => BringAsync(errand));
        }
    }

    public void Remove(string jobId)
    {
        board.Remove(jobId);
        bool wasBrought;
        lock (gate)
        {
            if (!own.Remove(jobId, out var errand)) return;
            (errand.IsOver, wasBrought) = (true, errand.WasBrought);
        }
        if (wasBrought) _ = QuietlyAsync(() => carrier.RemoveAsync(jobId, CancellationToken.None));
    }

    public async ValueTask<PostedPreview> NextAsync(string jobId, long seen, CancellationToken cancellation)
    {
        var next = board.NextAsync(jobId, seen, cancellation).AsTask();
        while (!next.IsCompleted)
        {
            Want(jobId);
            await Task.WhenAny(next, Task.Delay(WantedFor / 2, time, cancellation));
        }
        return await next;
    }

    private void Want(string jobId)
    {
        bool isFirst;
        lock (gate)
        {
            if (own.ContainsKey(jobId)) return;
            isFirst = !wanted.ContainsKey(jobId);
            wanted[jobId] = time.GetTimestamp();
        }
        carrier.Want(jobId);
        if (isFirst) _ = ForgetLaterAsync(jobId);
    }

    /// <summary>Takes a preview of another process down when nobody has waited for one for some time: a reader comes back between two of them.</summary>
    private async Task ForgetLaterAsync(string jobId)
    {
        await FetchAsync(jobId); // there may be one that another reader had brought
        while (true)
        {
            await Task.Delay(WantedFor, time);
            lock (gate)
            {
                if (time.GetElapsedTime(wanted[jobId]) < WantedFor) continue;
                wanted.Remove(jobId);
                if (own.ContainsKey(jobId)) return; // it came to this process meanwhile
            }
            board.Remove(jobId);
            return;
        }
    }

    /// <summary>Brings the newest preview of a job, and again while there are newer ones.</summary>
    private async Task BringAsync(Errand errand)
    {
        while (true)
        {
            Preview? next;
            lock (gate)
            {
                (next, errand.Newest) = (errand.IsOver ? null : errand.Newest, null);
                if (next is null)
                {
                    errand.IsRunning = false;
                    return;
                }
            }
            await QuietlyAsync(() => carrier.BringAsync(next, CancellationToken.None));
            await Task.Delay(BringEvery, time);
        }
    }

    private Task FetchAsync(string jobId)
    {
        lock (gate)
            if (!wanted.ContainsKey(jobId) || own.ContainsKey(jobId)) return Task.CompletedTask;
        return QuietlyAsync(async () =>
        {
            if (await carrier.FetchAsync(jobId, CancellationToken.None) is { } preview) board.Post(preview);
        });
    }

    private static async Task QuietlyAsync(Func<ValueTask> errand)
    {
        try
        {
            await errand();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) // a store that is away, too
        {
            // The picture does not need its previews.
        }
    }

    /// <summary>A job's previews on their way.</summary>
    private sealed class Errand
    {
        public Preview? Newest { get; set; }

        public bool IsRunning { get; set; }

        public bool WasBrought { get; set; }

        public bool IsOver { get; set; }
    }
}

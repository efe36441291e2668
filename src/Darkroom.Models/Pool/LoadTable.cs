using Darkroom.Models.Files;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Pool;

/// <summary>
/// What was asked for on each device, loaded once and shared. A load that failed for a reason that may pass is done again when it is asked for, after a while.
/// Where files were changed on disk the next who asks gets a new load; who has the old one keeps it until the last use of it ends. Any thread may ask.
/// </summary>
internal sealed class LoadTable<T>(TimeProvider time) where T : class, IDisposable
{
    /// <summary>How often the disk is looked at, at most.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly OrderedDictionary<(string Id, int Device), Load<T>> current = [];
    private readonly List<Load<T>> superseded = []; // others have taken their place, and somebody uses them
    private readonly HashSet<string> removed = new(StringComparer.Ordinal); // ids that somebody had leave, and nobody asked for since
    private bool closed;

    /// <summary>The load of an id on a device, begun where there is none that can be used.</summary>
    /// <param name="id">What is loaded.</param>
    /// <param name="device">Where.</param>
    /// <param name="begin">Loads it; runs on the thread pool, and is given where to note the files first.</param>
    /// <param name="use">Whether the caller says when it no longer uses it: <see cref="End"/>.</param>
    public Load<T> Get(string id, int device, Func<Action<FileStamps>, Task<T>> begin, bool use)
    {
        Load<T>? left = null;
        Load<T> load;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            if (!current.TryGetValue((id, device), out load!) || IsOver(load))
            {
                removed.Remove(id);
                left = load;
                int failures = left is { Task.IsFaulted: true } && !HasChanged(left) ? left.Failures : 0;
                current[(id, device)] = load = new Load<T>(failures, begin, time);
                if (left is { Uses: > 0 }) superseded.Add(left);
            }
            if (use) load.Uses++;
        }
        if (left is { Uses: 0 }) PoolEnd.LetGo(left.Task);
        return load;
    }

    /// <exception cref="ObjectDisposedException">No load is begun any more.</exception>
    public void ThrowIfClosed()
    {
        lock (gate) ObjectDisposedException.ThrowIf(closed, this);
    }

    /// <summary>A use ends; what was superseded meanwhile goes with the last.</summary>
    public void End(Load<T> load)
    {
        lock (gate)
            if (--load.Uses > 0 || !superseded.Remove(load)) return;
        PoolEnd.LetGo(load.Task);
    }

    /// <summary>Has an id leave every device: at once, or with the last use of it. The next who asks for it gets a new load.</summary>
    /// <returns>Whether somebody uses it still.</returns>
    public bool Remove(string id)
    {
        List<Load<T>> left = [];
        bool isUsed = false;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, this);
            foreach (var key in current.Keys.Where(key => key.Id == id).ToArray())
            {
                var load = current[key];
                current.Remove(key);
                removed.Add(id);
                isUsed |= load.Uses > 0;
                if (load.Uses > 0) superseded.Add(load);
                else left.Add(load);
            }
        }
        foreach (var load in left) PoolEnd.LetGo(load.Task);
        return isUsed;
    }

    /// <summary>Whether an id left, and nobody asked for it since.</summary>
    public bool IsRemoved(string id)
    {
        lock (gate) return removed.Contains(id);
    }

    /// <summary>The loads of an id, by device.</summary>
    public Load<T>[] Of(string id)
    {
        lock (gate) return [.. current.Where(load => load.Key.Id == id).OrderBy(load => load.Key.Device).Select(load => load.Value)];
    }

    /// <summary>Whether a failed load would be done again if it were asked for now.</summary>
    public bool IsDue(Load<T> load)
    {
        lock (gate) return load.Task.IsFaulted && IsOver(load);
    }

    /// <summary>Begins no load any more.</summary>
    /// <returns>All that there are, in the order in which they were asked for; null where it was closed before.</returns>
    public Task<T>[]? Close()
    {
        lock (gate)
        {
            if (closed) return null;
            closed = true;
            return [.. current.Values.Concat(superseded).Select(load => load.Task)];
        }
    }

    private bool IsOver(Load<T> load) => load.Task.IsCompleted
        && (HasChanged(load)
            || (load.Task.Exception?.InnerException is { } reason && LoadFailure.MayPass(reason) && load.SinceEnd >= LoadFailure.RetryAfter(load.Failures)));

    private static bool HasChanged(Load<T> load) => load.HasChanged(Between);
}

/// <summary>One load of a model or an upscaler, with the files that it was made from.</summary>
internal sealed class Load<T>
{
    private readonly TimeProvider time;
    private volatile FileStamps? files;
    private long ended, looked;
    private bool changed;

    public Load(int failures, Func<Action<FileStamps>, Task<T>> begin, TimeProvider time)
    {
        this.time = time;
        looked = time.GetTimestamp();
        Failures = failures;
        Task = System.Threading.Tasks.Task.Run(() => RunAsync(begin));
    }

    public Task<T> Task { get; }

    /// <summary>Loads in a row that failed, this one included where it has.</summary>
    public int Failures { get; private set; }

    /// <summary>Rows that work with it; under the table's gate.</summary>
    public int Uses { get; set; }

    public TimeSpan SinceEnd => time.GetElapsedTime(ended);

    /// <summary>Whether its files are others now; looks at the disk where that was not done for a while. Under the table's gate.</summary>
    public bool HasChanged(TimeSpan between)
    {
        if (changed || files is not { } mine || time.GetElapsedTime(looked) < between) return changed;
        looked = time.GetTimestamp();
        return changed = mine.Changed is not null;
    }

    private async Task<T> RunAsync(Func<Action<FileStamps>, Task<T>> begin)
    {
        try
        {
            return await begin(stamps => files = stamps);
        }
        catch
        {
            ended = time.GetTimestamp();
            Failures++;
            throw;
        }
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Darkroom.Storage.Keeping;

/// <summary>
/// Which pictures a store has, and which go first when room is short: those that nobody holds, the oldest first. What is held for a job is not counted and
/// never goes. Any thread may call; what goes is told outside the lock.
/// </summary>
/// <param name="capacityBytes">Of the pictures that nobody holds; the newest stays whatever its size.</param>
/// <param name="evicted">Told of each picture that went for want of room.</param>
internal sealed class PictureLedger(long capacityBytes, Action<KeptPicture> evicted)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<KeptPicture>> nodes = new(StringComparer.Ordinal); // a held picture's node is in no list
    private readonly Dictionary<string, JobPictures> jobs = new(StringComparer.Ordinal);
    private readonly LinkedList<KeptPicture> kept = new(); // held by nobody, the oldest first
    private long bytesKept, bytes;

    public long CapacityBytes => capacityBytes;

    /// <summary>Of all pictures, held ones too.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Keeps a job's pictures, those to come too, until it is disposed of.</summary>
    public IDisposable Hold(string job)
    {
        lock (gate) PicturesOf(job).Holds++;
        return new PictureHold(() => Release(job));
    }

    /// <summary>Counts a picture that is stored now.</summary>
    public void Add(KeptPicture picture)
    {
        lock (gate)
        {
            var node = new LinkedListNode<KeptPicture>(picture);
            if (!nodes.TryAdd(picture.Id, node)) return;
            Interlocked.Add(ref bytes, picture.Length);
            var pictures = PicturesOf(picture.Job);
            pictures.Nodes.Add(node);
            if (pictures.Holds == 0) Keep(node);
        }
        EvictExcess();
    }

    /// <summary>Forgets a picture that is removed; nothing happens where it is not known.</summary>
    public void Forget(string id)
    {
        lock (gate)
            if (nodes.TryGetValue(id, out var node)) Take(node);
    }

    /// <summary>Evicts the oldest picture that nobody holds.</summary>
    public bool TryEvictOldest([NotNullWhen(true)] out KeptPicture? oldest) => TryEvict(onlyExcess: false, out oldest);

    /// <summary>The known pictures of a job.</summary>
    public IReadOnlyList<string> OfJob(string job)
    {
        lock (gate) return jobs.TryGetValue(job, out var pictures) ? [.. pictures.Nodes.Select(node => node.Value.Id)] : [];
    }

    /// <summary>The length of a known picture, bytes.</summary>
    public long? LengthOf(string id)
    {
        lock (gate) return nodes.TryGetValue(id, out var node) ? node.Value.Length : null;
    }

    /// <summary>Of a job's pictures in the order in which they were made, those that are gone or will have no room once nobody holds them.</summary>
    /// <param name="lengthOf">The length of a picture that is there, else null.</param>
    public IReadOnlyList<string> NotKept(IReadOnlyList<string> ids, Func<string, long?> lengthOf)
    {
        var lost = new List<string>();
        long newer = 0;
        // The newest stay: of those that are there, the ones that have room together.
        for (int i = ids.Count - 1; i >= 0; i--)
        {
            if (lengthOf(ids[i]) is not { } length || (newer > 0 && newer > capacityBytes - length)) lost.Add(ids[i]);
            else newer += length;
        }
        lost.Reverse();
        return lost;
    }

    private void Release(string job)
    {
        lock (gate)
        {
            var pictures = jobs[job];
            if (--pictures.Holds > 0) return;
            foreach (var node in pictures.Nodes) Keep(node);
            if (pictures.Nodes.Count == 0) jobs.Remove(job);
        }
        EvictExcess();
    }

    private void EvictExcess()
    {
        while (TryEvict(onlyExcess: true, out _)) { }
    }

    private bool TryEvict(bool onlyExcess, [NotNullWhen(true)] out KeptPicture? oldest)
    {
        lock (gate)
        {
            bool may = kept.Count > 0 && (!onlyExcess || (bytesKept > capacityBytes && kept.Count > 1));
            oldest = may ? kept.First!.Value : null;
            if (may) Take(kept.First!);
        }
        if (oldest is not null) evicted(oldest);
        return oldest is not null;
    }

    private JobPictures PicturesOf(string job)
    {
        if (!jobs.TryGetValue(job, out var pictures)) jobs.Add(job, pictures = new());
        return pictures;
    }

    private void Keep(LinkedListNode<KeptPicture> node)
    {
        kept.AddLast(node);
        bytesKept += node.Value.Length;
    }

    private void Take(LinkedListNode<KeptPicture> node)
    {
        var picture = node.Value;
        nodes.Remove(picture.Id);
        Interlocked.Add(ref bytes, -picture.Length);
        var pictures = jobs[picture.Job];
        pictures.Nodes.Remove(node);
        if (pictures is { Holds: 0, Nodes.Count: 0 }) jobs.Remove(picture.Job);
        if (node.List is null) return;
        kept.Remove(node);
        bytesKept -= picture.Length;
    }

    private sealed class JobPictures
    {
        public List<LinkedListNode<KeptPicture>> Nodes { get; } = [];

        public int Holds { get; set; }
    }

    private sealed class PictureHold(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}

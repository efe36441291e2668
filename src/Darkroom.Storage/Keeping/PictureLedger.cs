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
    private readonly PictureSlots pictures = new();

    public long CapacityBytes => capacityBytes;

    /// <summary>Of all pictures, held ones too.</summary>
    public long Bytes
    {
        get
        {
            lock (gate) return pictures.Bytes;
        }
    }

    /// <summary>Keeps a job's pictures, those to come too, until it is disposed of.</summary>
    public IDisposable Hold(string job)
    {
        lock (gate) pictures.Hold(job);
        return new PictureHold(() => Release(job));
    }

    /// <summary>Counts a picture that is stored now.</summary>
    public void Add(KeptPicture picture)
    {
        lock (gate) pictures.Add(picture);
        EvictExcess();
    }

    /// <summary>Forgets a picture that is removed; nothing happens where it is not known.</summary>
    public void Forget(string id)
    {
        lock (gate) pictures.Remove(id);
    }

    /// <summary>Evicts the oldest picture that nobody holds.</summary>
    public bool TryEvictOldest([NotNullWhen(true)] out KeptPicture? oldest) => TryEvict(onlyExcess: false, out oldest);

    /// <summary>The known pictures of a job.</summary>
    public IReadOnlyList<string> OfJob(string job)
    {
        lock (gate) return pictures.OfJob(job);
    }

    /// <summary>The length of a known picture, bytes.</summary>
    public long? LengthOf(string id)
    {
        lock (gate) return pictures.LengthOf(id);
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
        lock (gate) pictures.Release(job);
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
            oldest = null;
            if (!onlyExcess || (pictures.GoingBytes > capacityBytes && pictures.Going > 1)) pictures.TryRemoveOldest(out oldest);
        }
        if (oldest is not null) evicted(oldest);
        return oldest is not null;
    }

    private sealed class PictureHold(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}

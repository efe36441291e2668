using System.Globalization;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Memory;

/// <summary>Pictures in this process's memory, bounded in bytes: the oldest go first. What is held for a job is not counted, and never goes.</summary>
public sealed class MemoryArtifactStore(IIdSource ids, long capacityBytes) : IArtifactStore
{
    private const int MaxRemembered = 10_000; // ids of pictures that went: 1 MB or so

    private readonly Lock gate = new();
    private readonly Dictionary<string, Artifact> artifacts = [];
    private readonly Dictionary<string, HeldPictures> held = []; // by job
    private readonly Queue<Artifact> kept = new(); // held by nobody, the oldest first
    private readonly HashSet<string> gone = [];
    private readonly Queue<string> goneInOrder = new();
    private long bytesKept;

    public string Retention { get; } = string.Create(CultureInfo.InvariantCulture,
        $"Pictures are kept in memory until newer ones take their room: {Math.Max(1, capacityBytes >> 20)} MiB in all (Darkroom:PictureMemoryMiB).");

    public IDisposable Hold(string job)
    {
        lock (gate)
        {
            if (!held.TryGetValue(job, out var pictures)) held.Add(job, pictures = new());
            pictures.Holds++;
        }
        return new PictureHold(() => Release(job));
    }

    public ValueTask<Artifact> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var artifact = new Artifact(ids.Next(), format, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes.Span))) { Job = job };
        lock (gate)
        {
            artifacts.Add(artifact.Id, artifact);
            if (held.TryGetValue(job, out var pictures)) pictures.Artifacts.Add(artifact);
            else Keep(artifact);
        }
        return ValueTask.FromResult(artifact);
    }

    public ValueTask<Artifact?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(artifacts.GetValueOrDefault(id));
    }

    public ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(gone.Contains(id));
    }

    public ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var lost = new List<string>();
        long newer = 0;
        lock (gate)
        {
            // The newest stay: of those that are there, the ones that have room together.
            for (int i = ids.Count - 1; i >= 0; i--)
            {
                if (!artifacts.TryGetValue(ids[i], out var artifact) || (newer > 0 && newer + artifact.Bytes.Length > capacityBytes)) lost.Add(ids[i]);
                else newer += artifact.Bytes.Length;
            }
        }
        lost.Reverse();
        return ValueTask.FromResult<IReadOnlyList<string>>(lost);
    }

    private void Release(string job)
    {
        lock (gate)
        {
            var pictures = held[job];
            if (--pictures.Holds > 0) return;
            held.Remove(job);
            foreach (var artifact in pictures.Artifacts) Keep(artifact);
        }
    }

    private void Keep(Artifact artifact)
    {
        kept.Enqueue(artifact);
        bytesKept += artifact.Bytes.Length;
        // The newest stays whatever its size.
        while (bytesKept > capacityBytes && kept.Count > 1)
        {
            var oldest = kept.Dequeue();
            artifacts.Remove(oldest.Id);
            bytesKept -= oldest.Bytes.Length;
            gone.Add(oldest.Id);
            goneInOrder.Enqueue(oldest.Id);
            if (goneInOrder.Count > MaxRemembered) gone.Remove(goneInOrder.Dequeue());
        }
    }

    /// <summary>A job's pictures while somebody holds them.</summary>
    private sealed class HeldPictures
    {
        public List<Artifact> Artifacts { get; } = [];

        public int Holds { get; set; }
    }

    private sealed class PictureHold(Action release) : IDisposable
    {
        private Action? release = release;

        public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke();
    }
}

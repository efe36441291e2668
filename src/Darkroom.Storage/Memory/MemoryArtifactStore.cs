using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;

namespace Darkroom.Storage.Memory;

/// <summary>Pictures in this process's memory, bounded in bytes: the oldest go first.</summary>
public sealed class MemoryArtifactStore(IIdSource ids, long capacityBytes) : IArtifactStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Artifact> artifacts = [];
    private readonly Queue<Artifact> oldest = new();
    private long bytesHeld;

    public ValueTask<Artifact> AddAsync(PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var artifact = new Artifact(ids.Next(), format, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        lock (gate)
        {
            artifacts.Add(artifact.Id, artifact);
            oldest.Enqueue(artifact);
            bytesHeld += bytes.Length;
            // The newest stays whatever its size: its job is about to answer with it.
            while (bytesHeld > capacityBytes && oldest.Count > 1)
            {
                var gone = oldest.Dequeue();
                artifacts.Remove(gone.Id);
                bytesHeld -= gone.Bytes.Length;
            }
        }
        return ValueTask.FromResult(artifact);
    }

    public ValueTask<Artifact?> FindAsync(string id, CancellationToken cancellation)
    {
        lock (gate)
            return ValueTask.FromResult(artifacts.GetValueOrDefault(id));
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Imaging;

namespace Darkroom.Server.Tests.Scripted;

internal sealed class ScriptedArtifacts : IArtifactStore
{
    private readonly ConcurrentDictionary<string, Artifact> held = new();
    private int count;

    public ValueTask<Artifact> AddAsync(PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref count).ToString("x32");
        var artifact = new Artifact(id, format, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        held[id] = artifact;
        return ValueTask.FromResult(artifact);
    }

    public ValueTask<Artifact?> FindAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(held.GetValueOrDefault(id));
}

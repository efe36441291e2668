using System.Collections.Concurrent;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Imaging;

namespace Darkroom.Server.Tests.Scripted;

internal sealed class ScriptedArtifacts : IArtifactStore
{
    private readonly ConcurrentDictionary<string, Artifact> _held = new();
    private int _count;

    public ValueTask<Artifact> AddAsync(PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _count).ToString("x32");
        var artifact = new Artifact(id, format, bytes, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        _held[id] = artifact;
        return ValueTask.FromResult(artifact);
    }

    public ValueTask<Artifact?> FindAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(_held.GetValueOrDefault(id));
}

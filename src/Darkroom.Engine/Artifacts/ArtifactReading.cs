namespace Darkroom.Engine.Artifacts;

/// <summary>Pictures as bytes in memory, for answers that carry them within JSON.</summary>
public static class ArtifactReading
{
    /// <summary>The picture's file; null where the store does not hold it (any more).</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(this IArtifactStore store, string id, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(store);
        await using var open = await store.OpenAsync(id, cancellation);
        if (open is null) return null;
        if (open.Content is MemoryStream memory && memory.TryGetBuffer(out var held)) return held.AsMemory(); // a store in memory: no copy
        byte[] bytes = new byte[open.Artifact.Length];
        await open.Content.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}

using System.Collections.Concurrent;

namespace Darkroom.Models.Graphs;

/// <summary>
/// Outlines of graphs that were read before: a model's folder is looked at several times until it is loaded. One whose file has another length or time of
/// change is read again. Safe for any number of threads.
/// </summary>
internal static class GraphOutlines
{
    private const int MaxKept = 512;

    private static readonly ConcurrentDictionary<string, Known> Kept = new(StringComparer.Ordinal);

    /// <summary>What a graph's file says of itself, and its length in bytes.</summary>
    /// <exception cref="InvalidDataException">As <see cref="OnnxOutline.Read"/>.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static (GraphOutline Outline, long Bytes) Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 16384, FileOptions.RandomAccess);
        long length = stream.Length, time = File.GetLastWriteTimeUtc(stream.SafeFileHandle).Ticks;
        if (Kept.TryGetValue(path, out var known) && known.Length == length && known.Time == time) return (known.Outline, length);
        var outline = OnnxOutline.Read(stream);
        if (Kept.Count >= MaxKept) Kept.Clear(); // more graphs than anybody has: models that came and went
        Kept[path] = new(length, time, outline);
        return (outline, length);
    }

    /// <param name="Time">UTC ticks of the last change.</param>
    private readonly record struct Known(long Length, long Time, GraphOutline Outline);
}

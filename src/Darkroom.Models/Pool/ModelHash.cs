using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Darkroom.Models.Pool;

/// <summary>
/// A model's content hash: SHA-256 over one line for each of <see cref="ModelFiles"/>, in ordinal order of path: the file's own SHA-256 in lower-case hex,
/// two blanks, its path, a line feed (the text that <c>sha256sum</c> writes). Files are read as streams; one that has not changed in length or time
/// of change is not read again. Safe for any number of threads.
/// </summary>
/// <param name="cacheFile">Where file hashes are kept between runs; null: in memory alone. A file that cannot be read or written is done without.</param>
public sealed class ModelHash(string? cacheFile = null)
{
    private readonly HashCacheFile? disk = cacheFile is null ? null : new(cacheFile);
    private readonly ConcurrentDictionary<string, FileHash> known = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Lock> reading = new(StringComparer.Ordinal);

    /// <summary>Files read so far, for the curious and for tests.</summary>
    internal int FilesRead => filesRead;

    private int filesRead;

    /// <summary>Lower-case hex of a model's hash; of a single file its own SHA-256, by which people know it.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string Of(string folder, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = ModelFiles.Of(folder);
        return files is [_] ? OfFiles(ModelFiles.FolderOf(folder), files, cancellation)
            : OfLines(files, HashesOf(ModelFiles.FolderOf(folder), files, cancellation));
    }

    /// <summary>
    /// Lower-case hex of the hash of a few files of a folder: of a single one its own SHA-256, whatever it is called; of several the hash of their lines.
    /// </summary>
    /// <param name="files">Relative to the folder, with <c>/</c>, in ordinal order.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public string OfFiles(string folder, IReadOnlyList<string> files, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(files);
        var hashes = HashesOf(folder, files, cancellation);
        return hashes is [var only] ? only : OfLines(files, hashes);
    }

    private static string OfLines(IReadOnlyList<string> files, string[] hashes) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(files.Select((file, i) => $"{hashes[i]}  {file}\n")))));

    private string[] HashesOf(string folder, IReadOnlyList<string> files, CancellationToken cancellation)
    {
        string[] hashes = new string[files.Count];
        bool changed = false;
        for (int i = 0; i < hashes.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            hashes[i] = HashOf(Path.GetFullPath(Path.Combine(folder, files[i])), ref changed);
        }
        if (changed) disk?.Save(known);
        return hashes;
    }

    private string HashOf(string path, ref bool changed)
    {
        // A file that is being read is waited for: it is not read twice.
        lock (reading.GetOrAdd(path, static _ => new Lock())) return Read(path, ref changed);
    }

    private string Read(string path, ref bool changed)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 17, FileOptions.SequentialScan);
        long length = stream.Length, time = File.GetLastWriteTimeUtc(stream.SafeFileHandle).Ticks;
        if ((known.TryGetValue(path, out var hash) || disk?.Entries.TryGetValue(path, out hash) == true) && hash.Length == length && hash.Time == time)
        {
            known[path] = hash;
            return hash.Sha256;
        }
        string fresh = Convert.ToHexStringLower(SHA256.HashData(stream));
        Interlocked.Increment(ref filesRead);
        known[path] = new(length, time, fresh);
        changed = true;
        return fresh;
    }
}

/// <summary>A file's SHA-256 and what it was taken of.</summary>
/// <param name="Time">UTC ticks of the last change.</param>
internal readonly record struct FileHash(long Length, long Time, string Sha256);

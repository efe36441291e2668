using System.Globalization;
using System.Security.Cryptography;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Files;

/// <summary>
/// Pictures as files. They outlive the process; what is told to be stored is on disk. Where the limit is passed, or the disk gets short of space, the oldest
/// go first. Several processes may read and write one folder; each counts for the limit what was there at its start and what it wrote itself.
/// </summary>
/// <remarks>Files are written on the caller's thread, as .NET would do on another one: callers are not the loop.</remarks>
public sealed class FileArtifactStore : IArtifactStore
{
    private readonly Lock room = new();
    private readonly ShardedFolder files;
    private readonly PictureLedger ledger;
    private readonly GoneFile gone;
    private readonly DiskSpace disk;
    private readonly IIdSource ids;
    private readonly TimeProvider time;
    private readonly long keepFreeBytes;

    /// <summary>Opens a folder, and makes it where it is missing. Looks at every file in it once.</summary>
    /// <param name="folder">Of pictures alone; <c>pictures</c> below the data's folder.</param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public FileArtifactStore(string folder, IIdSource ids, TimeProvider time, FilePictureLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (this.ids, this.time) = (ids, time);
        files = new(folder);
        gone = new(Path.Combine(files.Root, "gone"));
        disk = new(files.Root);
        keepFreeBytes = limits.KeepFreeBytes ?? disk.DefaultReserve;
        ledger = new(limits.CapacityBytes > 0 ? limits.CapacityBytes : long.MaxValue, Evict);
        Retention = SentenceOf(limits, keepFreeBytes);
        foreach (var (picture, _) in Entries().OrderBy(one => one.WrittenAt)) ledger.Add(new(picture.Id, picture.Job, picture.Length));
    }

    public string Retention { get; }

    public IDisposable Hold(string job) => ledger.Hold(job);

    /// <exception cref="ArgumentException">The job's id is none.</exception>
    /// <exception cref="IOException">The picture could not be written, and not for want of space.</exception>
    public ValueTask<ArtifactAdded> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!StoredId.IsOne(job)) throw new ArgumentException("An id of a job has 32 lower-case hex digits.", nameof(job));
        var picture = new Artifact(ids.Next(), job, format, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)));
        lock (room) EvictFor(keepFreeBytes - (disk.FreeBytes - bytes.Length)); // one at a time: two would both make room for the same shortage
        while (!TryWrite(picture, bytes.Span))
            if (!EvictFor(Math.Max(1, bytes.Length))) return ValueTask.FromResult<ArtifactAdded>(new ArtifactAdded.DiskFull());
        ledger.Add(new(picture.Id, job, picture.Length));
        return ValueTask.FromResult<ArtifactAdded>(new ArtifactAdded.Stored(picture));
    }

    public ValueTask<OpenArtifact?> OpenAsync(string id, CancellationToken cancellation)
    {
        if (!files.TryFind(id, out string? path)) return default;
        FileStream content;
        try
        {
            content = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return default; // it went in this moment
        }
        if (PictureFileName.TryParse(Path.GetFileName(path), content.Length, out var picture))
            return ValueTask.FromResult<OpenArtifact?>(new(picture, content));
        content.Dispose();
        return default;
    }

    public ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation) => ValueTask.FromResult(gone.Contains(id));

    /// <summary>A picture that somebody else removed is remembered from here on as one that was here.</summary>
    public ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ValueTask.FromResult(ledger.NotKept(ids, id =>
        {
            if (files.TryFind(id, out string? path))
                return ledger.LengthOf(id) ?? new FileInfo(path) switch { { Exists: true } file => file.Length, _ => default(long?) };
            ledger.Forget(id);
            if (StoredId.IsOne(id)) gone.Add(id);
            return null;
        }));
    }

    public ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        foreach (string id in ids)
        {
            ledger.Forget(id);
            if (files.Remove(id)) gone.Add(id);
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask RemoveJobAsync(string job, CancellationToken cancellation) => RemoveAsync(ledger.OfJob(job), cancellation);

    public IAsyncEnumerable<ArtifactEntry> ListAsync(CancellationToken cancellation) =>
        Entries().Select(one => new ArtifactEntry(one.Picture.Id, one.Picture.Job, one.WrittenAt)).ToAsyncEnumerable();

    private bool TryWrite(Artifact picture, ReadOnlySpan<byte> bytes)
    {
        try
        {
            files.Write(picture.Id, PictureFileName.Of(picture), bytes, time.GetUtcNow());
            return true;
        }
        catch (IOException failure) when (DiskSpace.IsFull(failure))
        {
            return false;
        }
    }

    /// <summary>Evicts the oldest until so many bytes are free that were not; false where nothing was left to evict.</summary>
    private bool EvictFor(long bytes)
    {
        while (bytes > 0)
        {
            if (!ledger.TryEvictOldest(out var oldest)) return false;
            bytes -= oldest.Length;
        }
        return true;
    }

    private void Evict(KeptPicture picture)
    {
        try
        {
            if (files.Remove(picture.Id)) gone.Add(picture.Id); // in this order: on a full disk the mark needs what the picture took
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // It takes room until the sweep meets it again; the picture that was to be stored may have room even so.
        }
    }

    private IEnumerable<(Artifact Picture, DateTimeOffset WrittenAt)> Entries()
    {
        foreach (var file in files.List())
            if (file.Exists && PictureFileName.TryParse(file.Name, file.Length, out var picture))
                yield return (picture, new(file.LastWriteTimeUtc));
    }

    private static string SentenceOf(FilePictureLimits limits, long keepFreeBytes) => string.Create(CultureInfo.InvariantCulture,
        $"Pictures are kept on disk for {limits.Retention.TotalHours:0.##} hours after their job ended, if it is not removed before. ")
        + "The oldest go earlier "
        + (limits.CapacityBytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"when all take more than {MiB(limits.CapacityBytes)} MiB, or ") : "")
        + string.Create(CultureInfo.InvariantCulture, $"when less than {MiB(keepFreeBytes)} MiB of the disk are free.");

    private static long MiB(long bytes) => Math.Max(1, bytes >> 20);
}

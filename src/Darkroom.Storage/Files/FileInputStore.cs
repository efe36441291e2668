using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Keeping;

namespace Darkroom.Storage.Files;

/// <summary>Sent pictures as files. They outlive the process; a waiting job's picture is never dropped for a newer one.</summary>
/// <remarks>Files are written on the caller's thread, as .NET would do on another one: callers are not the loop.</remarks>
public sealed class FileInputStore : IInputStore
{
    private readonly ShardedFolder files;
    private readonly DiskSpace disk;
    private readonly IIdSource ids;
    private readonly TimeProvider time;
    private readonly long keepFreeBytes;

    /// <summary>Opens a folder, and makes it where it is missing.</summary>
    /// <param name="folder">Of sent pictures alone; <c>inputs</c> below the data's folder.</param>
    /// <param name="keepFreeBytes">
    /// What is left free on the disk; null: a quarter of what finished pictures leave, since those make room for themselves and these cannot.
    /// </param>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public FileInputStore(string folder, IIdSource ids, TimeProvider time, long? keepFreeBytes = null)
    {
        (this.ids, this.time) = (ids, time);
        files = new(folder);
        disk = new(files.Root);
        this.keepFreeBytes = keepFreeBytes ?? disk.DefaultReserve / 4;
    }

    /// <exception cref="IOException">The file could not be written, and not for want of space.</exception>
    public ValueTask<InputAdded> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        string id = ids.Next();
        return ValueTask.FromResult<InputAdded>(TryWrite(id, file.Span) ? new InputAdded.Stored(id) : new InputAdded.DiskFull());
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation)
    {
        if (!files.TryFind(id, out string? path)) return default;
        try
        {
            return ValueTask.FromResult<ReadOnlyMemory<byte>?>(File.ReadAllBytes(path));
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return default; // it went in this moment
        }
    }

    public ValueTask RemoveAsync(string id, CancellationToken cancellation)
    {
        files.Remove(id);
        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellation) => (
        from file in files.List()
        let id = Path.GetFileNameWithoutExtension(file.Name)
        where file.Exists && StoredId.IsOne(id)
        select new InputEntry(id, new(file.LastWriteTimeUtc))).ToAsyncEnumerable();

    private bool TryWrite(string id, ReadOnlySpan<byte> bytes)
    {
        if (disk.FreeBytes - bytes.Length < keepFreeBytes) return false;
        try
        {
            files.Write(id, id + ".input", bytes, time.GetUtcNow());
            return true;
        }
        catch (IOException failure) when (DiskSpace.IsFull(failure))
        {
            return false;
        }
    }
}

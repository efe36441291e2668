namespace Darkroom.Engine.Artifacts;

/// <summary>
/// Pictures that callers sent, as they sent them, kept until the job that uses them is finished: a request refers to them by id and never
/// carries bytes.
/// </summary>
public interface IInputStore
{
    /// <summary>Keeps a file; on disk, where the store outlives the process, before it says so.</summary>
    ValueTask<InputAdded> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation);

    /// <summary>The file; null where the store does not hold it.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Lets a file go; nothing happens where there is none.</summary>
    ValueTask RemoveAsync(string id, CancellationToken cancellation);

    /// <summary>All files that are there, in no order; one that comes or goes meanwhile may be missing.</summary>
    IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellation);
}

/// <summary>A sent picture in a list of all.</summary>
/// <param name="WrittenAt">When it was stored.</param>
public sealed record InputEntry(string Id, DateTimeOffset WrittenAt);

/// <summary>How keeping a sent picture ended: a closed set. Where it did not end well, nothing of the file is kept.</summary>
public abstract record InputAdded
{
    private InputAdded() { }

    public sealed record Stored(string Id) : InputAdded;

    /// <summary>Those of waiting jobs fill the memory that is set aside for them.</summary>
    public sealed record MemoryFull : InputAdded;

    public sealed record DiskFull : InputAdded;
}

namespace Darkroom.Engine.Artifacts;

/// <summary>
/// Pictures that callers sent, as they sent them, kept until the job that uses them is finished: a request refers to them by id and never
/// carries bytes.
/// </summary>
public interface IInputStore
{
    /// <summary>Keeps a file.</summary>
    /// <returns>Its id; null where the store is full.</returns>
    ValueTask<string?> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation);

    /// <summary>The file; null where the store does not hold it.</summary>
    ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Lets a file go; nothing happens where there is none.</summary>
    ValueTask RemoveAsync(string id, CancellationToken cancellation);
}

namespace Darkroom.Engine.Queue;

/// <summary>Random secrets that every process of one queue has, and that are there as long as its jobs are.</summary>
public interface ISharedSecrets
{
    /// <summary>The secret of a name, 32 bytes; made when it is first asked for, and the same for everybody then.</summary>
    /// <param name="name">Lower-case letters and dashes.</param>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    ValueTask<byte[]> GetAsync(string name, CancellationToken cancellation);
}

namespace Darkroom.Server.Security.Keys;

/// <summary>
/// Where keys are kept. Any thread may ask, at every request; what another process adds or removes is seen by the next request. A store that cannot be read
/// answers with the keys that it read last.
/// </summary>
internal interface IKeyStore
{
    /// <summary>Whether there are keys, or may be: then every request needs one. A store that cannot be read says so.</summary>
    ValueTask<bool> IsInUseAsync(CancellationToken cancellation);

    /// <summary>The key of this hash, valid or not; null where there is none.</summary>
    ValueTask<ApiKey?> FindAsync(KeyHash hash, CancellationToken cancellation);

    /// <summary>All keys, in the order in which they were made.</summary>
    ValueTask<IReadOnlyList<ApiKey>> ListAsync(CancellationToken cancellation);

    /// <summary>Keeps a key.</summary>
    /// <returns>False where its name is taken; then nothing changes.</returns>
    /// <exception cref="InvalidDataException">The store cannot be read or written; the message is a sentence.</exception>
    ValueTask<bool> AddAsync(ApiKey key, CancellationToken cancellation);

    /// <summary>Lets a key go.</summary>
    /// <returns>False where none has this name.</returns>
    /// <exception cref="InvalidDataException">The store cannot be read or written; the message is a sentence.</exception>
    ValueTask<bool> RemoveAsync(string name, CancellationToken cancellation);
}

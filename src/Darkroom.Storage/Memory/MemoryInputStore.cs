using System.Collections.Concurrent;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Memory;

/// <summary>Sent pictures in this process's memory; full is full: a waiting job's picture is never dropped for a newer one.</summary>
/// <param name="time">Null: the machine's.</param>
public sealed class MemoryInputStore(IIdSource ids, InputMemory memory, TimeProvider? time = null) : IInputStore
{
    private readonly ConcurrentDictionary<string, (ReadOnlyMemory<byte> Bytes, DateTimeOffset WrittenAt)> files = new(StringComparer.Ordinal);
    private readonly TimeProvider time = time ?? TimeProvider.System;

    public ValueTask<InputAdded> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        if (!memory.TryTake(file.Length)) return ValueTask.FromResult<InputAdded>(new InputAdded.MemoryFull());
        string id = ids.Next();
        files[id] = (file.ToArray(), time.GetUtcNow()); // it may lie in a body that is larger
        return ValueTask.FromResult<InputAdded>(new InputAdded.Stored(id));
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>?>(files.TryGetValue(id, out var file) ? file.Bytes : default(ReadOnlyMemory<byte>?));

    public ValueTask RemoveAsync(string id, CancellationToken cancellation)
    {
        if (files.TryRemove(id, out var file)) memory.Release(file.Bytes.Length);
        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellation) =>
        files.Select(file => new InputEntry(file.Key, file.Value.WrittenAt)).ToAsyncEnumerable();
}

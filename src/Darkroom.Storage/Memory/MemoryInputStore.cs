using System.Collections.Concurrent;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Memory;

/// <summary>Sent pictures in this process's memory; full is full: a waiting job's picture is never dropped for a newer one.</summary>
public sealed class MemoryInputStore(IIdSource ids, InputMemory memory) : IInputStore
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> files = new();

    public ValueTask<string?> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        if (!memory.TryTake(file.Length)) return ValueTask.FromResult<string?>(null);
        string id = ids.Next();
        files[id] = file;
        return ValueTask.FromResult<string?>(id);
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>?>(files.TryGetValue(id, out var file) ? file : default(ReadOnlyMemory<byte>?));

    public ValueTask RemoveAsync(string id, CancellationToken cancellation)
    {
        if (files.TryRemove(id, out var file)) memory.Release(file.Length);
        return ValueTask.CompletedTask;
    }
}

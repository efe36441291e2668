using System.Collections.Concurrent;
using Darkroom.Engine.Artifacts;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>An input store with room for as many files as a test says.</summary>
internal sealed class ScriptedInputs : IInputStore
{
    private int count;

    public ConcurrentDictionary<string, byte[]> Held { get; } = new();

    public int Room { get; set; } = 100;

    /// <summary>How it refuses what it has no room for.</summary>
    public InputAdded Refusal { get; set; } = new InputAdded.MemoryFull();

    public ValueTask<InputAdded> AddAsync(ReadOnlyMemory<byte> file, CancellationToken cancellation)
    {
        if (Held.Count >= Room) return ValueTask.FromResult(Refusal);
        var id = $"input-{Interlocked.Increment(ref count)}";
        Held[id] = file.ToArray();
        return ValueTask.FromResult<InputAdded>(new InputAdded.Stored(id));
    }

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string id, CancellationToken cancellation) =>
        ValueTask.FromResult<ReadOnlyMemory<byte>?>(Held.TryGetValue(id, out var file) ? file : null);

    public ValueTask RemoveAsync(string id, CancellationToken cancellation)
    {
        Held.TryRemove(id, out _);
        return ValueTask.CompletedTask;
    }

    public IAsyncEnumerable<InputEntry> ListAsync(CancellationToken cancellation) =>
        Held.Keys.Select(id => new InputEntry(id, DateTimeOffset.UnixEpoch)).ToAsyncEnumerable();
}

using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>What an arena holds.</summary>
/// <param name="Held">Bytes that it has from the system.</param>
/// <param name="InUse">Of those, bytes that hold something.</param>
/// <param name="Peak">The most that were ever in use.</param>
public readonly record struct ArenaState(long Held, long InUse, long Peak);

/// <summary>
/// The memory that all sessions on the CPU share for what their calls need beyond the weights. What one call leaves the next one uses, of whatever session; and
/// it never grows beyond its limit: a call that would need more ends as out of memory, not the process. One for each process, as ONNX Runtime has it.
/// </summary>
public sealed class HostArena
{
    private static readonly Lock Gate = new();
    private static HostArena? shared;

    private readonly InferenceSession nothing; // an identity: the runtime shrinks an arena at the end of a call, and in no other way
    private readonly OrtAllocator allocator;
    private readonly RunOptions shrinking = new();
    private readonly OrtValue one = OrtValue.CreateTensorValueFromMemory([0f], [1]);

    private HostArena(long maxBytes)
    {
        MaxBytes = maxBytes;
        var place = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        RuntimeInterop.RegisterArena(place, maxBytes);
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        Join(options);
        nothing = new InferenceSession(Identity, options);
        allocator = new OrtAllocator(nothing, place);
        shrinking.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
    }

    /// <summary>The most that it may hold.</summary>
    public long MaxBytes { get; }

    public ArenaState State => RuntimeInterop.StateOf(allocator);

    // IR 8, opset 13: y = Identity(x), float[1].
    private static byte[] Identity => Convert.FromHexString(
        "08083a370a100a017812017922084964656e746974791201675a0f0a0178120a0a08080112040a020801620f0a0179120a0a08080112040a0208014202100d");

    /// <summary>The process's arena; the first who asks says how large it may become.</summary>
    public static HostArena Share(long maxBytes)
    {
        lock (Gate) return shared ??= new HostArena(maxBytes);
    }

    /// <summary>Gives back to the system whatever region no call and no session uses. Calls go on meanwhile.</summary>
    public void Shrink()
    {
        using var output = nothing.Run(shrinking, ["x"], [one], ["y"]);
    }

    /// <summary>
    /// Has the arena hold so much in one piece, in place of what lies idle in it. A call whose tensors grow from layer to layer cannot use the regions of the
    /// small ones for the large: in one piece it can. Pages come into memory when they are written, so what is too much costs nothing.
    /// </summary>
    /// <returns>Whether it holds that; where it is beyond the limit, a call takes what it needs by regions.</returns>
    internal bool Gather(long bytes)
    {
        Shrink();
        var left = State;
        if (left.Held - left.InUse >= bytes / 8 * 7) return bytes > 0; // somebody holds on to a region: another one beside it would be twice as much
        return bytes <= MaxBytes && RuntimeInterop.TryTake(allocator, bytes);
    }

    /// <summary>Has a session take its memory here.</summary>
    internal void Join(SessionOptions options) => options.AddSessionConfigEntry("session.use_env_allocators", "1");
}

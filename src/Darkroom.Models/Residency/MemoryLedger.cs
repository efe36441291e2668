using Darkroom.Models.Sessions;

namespace Darkroom.Models.Residency;

/// <summary>
/// What weights and calls hold of the machine's memory, and who may take more. A call says before it begins what it may need: it then has the room of the calls
/// beside it and of what it can free, or waits for those that run. Safe for any number of threads.
/// </summary>
/// <param name="nativeBytes">For weights and calls together.</param>
/// <param name="arena">Where calls take their memory; null: nobody knows what they hold, and nothing is freed.</param>
/// <param name="beside">Tells what the process holds beside weights and calls, beyond what is set aside for that; null: nothing is.</param>
public sealed class MemoryLedger(long nativeBytes, HostArena? arena = null, BesideMemory? beside = null)
{
    /// <summary>Calls below this are left to the arena: their regions are small, and there is nothing to gain.</summary>
    private const long WorthGathering = 32L << 20;

    private readonly object gate = new();
    private readonly List<DeviceMemory> devices = [];
    private long weights, reserved, served, begun, lastTicket, nextTicket;
    private int running;

    /// <summary>The process's: an arena that all sessions share, bounded by what calls may hold.</summary>
    public static MemoryLedger Of(MemoryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new(limits.NativeBytes, HostArena.Share(limits.CallBytes), new BesideMemory(limits.BaseBytes, TimeProvider.System));
    }

    public HostArena? Arena => arena;

    /// <summary>Bytes for weights and calls together.</summary>
    public long NativeBytes => nativeBytes;

    /// <summary>Bytes of the weights in memory.</summary>
    public long Weights => Interlocked.Read(ref weights);

    /// <summary>Bytes that calls which run now said they may need.</summary>
    public long Reserved => Interlocked.Read(ref reserved);

    /// <summary>Bytes that may be for calls now.</summary>
    public long CallBytes => Math.Max(0, Math.Min(arena?.MaxBytes ?? long.MaxValue, nativeBytes - Weights - (beside?.Excess ?? 0)));

    /// <summary>Has parts of a device leave where calls need their room.</summary>
    public void Add(DeviceMemory device)
    {
        lock (gate) devices.Add(device);
    }

    /// <summary>Bytes that weights and calls hold now.</summary>
    internal long HeldBytes => Weights + (arena?.State.Held ?? 0);

    internal void Count(long bytes) => Interlocked.Add(ref weights, bytes);

    /// <summary>
    /// Takes room for a call that may need so much. It waits while calls that run leave too little; those who wait go in their order. One alone always goes: it
    /// then fails by itself, or the estimate was wrong.
    /// </summary>
    internal CallRoom Begin(long bytes)
    {
        if (arena is null) return default;
        lock (gate)
        {
            beside?.Look(this);
            long ticket = lastTicket++;
            while (ticket != nextTicket || (running > 0 && reserved + bytes > CallBytes)) Monitor.Wait(gate);
            nextTicket++;
            running++;
            begun++;
            reserved += bytes;
            Monitor.PulseAll(gate);
            var state = arena.State;
            // What fits in what the arena holds takes no more; but that may be more by now than there is room for.
            if ((bytes > served && state.Held + bytes > CallBytes) || state.Held > CallBytes) state = Free(bytes, state);
            if (running == 1 && bytes > Math.Max(served, WorthGathering) && bytes <= CallBytes && arena.Gather(bytes)) state = arena.State;
            return new CallRoom(this, bytes, state, running == 1 ? begun : 0);
        }
    }

    /// <summary>Frees all that can be freed: idle regions, and parts that nobody holds.</summary>
    internal void FreeAll()
    {
        foreach (var device in DevicesNow()) device.EvictIdle(long.MaxValue);
        lock (gate)
        {
            served = 0;
            arena?.Shrink();
        }
    }

    /// <summary>
    /// Gives back what lies idle in the arena before a session is opened: small tensors that stay as long as the session would hold on to large regions.
    /// </summary>
    internal void ClearArena()
    {
        lock (gate)
        {
            served = 0;
            arena?.Shrink();
        }
    }

    /// <summary>Bytes of a call that is over.</summary>
    /// <returns>What it had in use at once; null where that cannot be told: others ran beside it, or earlier calls needed more.</returns>
    internal long? End(in CallRoom room)
    {
        lock (gate)
        {
            running--;
            reserved -= room.Bytes;
            served = Math.Max(served, room.Bytes);
            Monitor.PulseAll(gate);
            var state = arena!.State;
            return room.Alone == begun && state.Peak > room.Before.Peak ? state.Peak - room.Before.InUse : null;
        }
    }

    /// <summary>Under the gate.</summary>
    private ArenaState Free(long bytes, ArenaState state)
    {
        // What lies idle in the arena may be in pieces that are too small.
        if (state.Held > state.InUse)
        {
            arena!.Shrink();
            served = 0;
            state = arena.State;
        }
        long missing = state.Held + bytes - CallBytes;
        for (int i = 0; i < devices.Count && missing > 0; i++) missing -= devices[i].EvictIdle(missing);
        return state;
    }

    private DeviceMemory[] DevicesNow()
    {
        lock (gate) return [.. devices];
    }
}

/// <summary>Room that a call has, until it is over.</summary>
/// <param name="Ledger">Where it is counted; null: nowhere.</param>
/// <param name="Bytes">What it may need.</param>
/// <param name="Before">What the arena held when it began.</param>
/// <param name="Alone">Number of the call, where it began alone; else 0.</param>
public readonly record struct CallRoom(MemoryLedger? Ledger, long Bytes, ArenaState Before, long Alone)
{
    /// <summary>Gives it back; to be called once.</summary>
    /// <returns>Bytes that the call had in use at once, where that is known.</returns>
    public long? End() => Ledger?.End(this);
}

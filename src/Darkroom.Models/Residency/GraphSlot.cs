using Darkroom.Models.Files;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Residency;

/// <summary>A graph's place in a device's memory, with its second session of one thread where one was asked for.</summary>
/// <param name="memory">The device's memory.</param>
/// <param name="name">Of the part.</param>
/// <param name="bytes">Weights on disk.</param>
/// <param name="open">Opens the graph as the settings say; called for each session.</param>
/// <param name="owner">Id of the model that it is a part of.</param>
internal class GraphSlot<T>(DeviceMemory memory, string name, long bytes, Func<SessionSettings, T> open, string? owner = null)
    : PartSlot(memory, name, bytes, owner), IDisposable
    where T : class, IGraphPart
{
    private Opened? current;

    /// <summary>The files that it is opened from, as they were when its model was loaded: other ones are not that model. Null: nobody looks.</summary>
    public FileStamps? Files { get; init; }

    /// <summary>Whether its sessions compute with the same memory, as far as that is as the files have it.</summary>
    public bool SharesWeights { get; init; }

    /// <summary>Whether its sessions compute with weights where they are read to, and make no copy of their own.</summary>
    public bool IsInPlace { get; init; }

    /// <summary>Bytes that its second session takes.</summary>
    private long NarrowBytes => !SharesWeights ? Bytes : Base is null ? 0 : OwnBytes;

    public override bool IsResident => current is not null;

    public override bool IsExact => IsInPlace;

    public override bool NarrowIsReady => OneThread || Volatile.Read(ref current) is { Narrow: not null };

    private bool OneThread => Memory.Spec is { Kind: DeviceSpec.Cpu, Threads: var threads } && (threads == 0 ? Environment.ProcessorCount : threads) == 1;

    /// <summary>
    /// The part for one call. A caller with a lease never waits here, except for a rebuild; where that failed and others took the room, the call is refused:
    /// they may wait for this thread before they give it back. Where nobody has a lease the caller waits, on this thread, until the part is there.
    /// </summary>
    private PartCall Enter(RunWidth width)
    {
        while (true)
        {
            if (TryEnter(width, out var call, out var opening)) return call;
            if (opening is not null)
            {
                opening.GetAwaiter().GetResult();
                continue;
            }
            using var lease = TakeRoom().GetAwaiter().GetResult();
            if (TryEnter(width, out call, out _)) return call; // not so where a rebuild came between
        }
    }

    private Task<PartLease> TakeRoom()
    {
        lock (Memory.Gate)
        {
            if (Holders == 0 || Memory.HasRoom(this)) return HoldAsync(CancellationToken.None).AsTask();
        }
        throw new GraphException($"{FullName} could not be opened again, and its room was taken meanwhile", GraphFault.Unavailable);
    }

    /// <summary>One call of the part.</summary>
    public TResult Call<TState, TResult>(RunWidth width, TState state, Func<T, TState, TResult> run)
    {
        var call = Enter(width);
        GraphException? failure = null;
        try
        {
            return run(call.Part, state);
        }
        catch (GraphException e)
        {
            failure = e;
            throw;
        }
        finally
        {
            Leave(call.Opened, failure is { Fault: GraphFault.Dead or GraphFault.TimedOut });
        }
    }

    /// <summary>One call of the part.</summary>
    public void Call<TState>(RunWidth width, TState state, Action<T, TState> run) => Call(width, (state, run), static (part, call) =>
    {
        call.run(part, call.state);
        return true;
    });

    private bool TryEnter(RunWidth width, out PartCall call, out Task? opening)
    {
        lock (Memory.Gate)
        {
            (call, opening) = (default, Holders > 0 ? Opening : null);
            if (current is not { } now || (Holders == 0 && IsLeaving)) return false;
            ObjectDisposedException.ThrowIf(Memory.IsClosed, this);
            Memory.Work.Begin();
            Memory.Take(this);
            now.Calls++;
            call = new(now, width == RunWidth.Narrow ? now.Narrow ?? now.Part : now.Part);
            return true;
        }
    }

    public override void PrepareNarrow()
    {
        lock (Memory.Gate)
        {
            if (Memory.IsClosed || current is not { AskedNarrow: false } now || OneThread || Memory.Spec.Kind != DeviceSpec.Cpu
                || Bytes > Memory.Spec.NarrowLimitBytes || !Memory.TryCharge(this, NarrowBytes))
                return;
            Memory.Work.Begin();
            now.AskedNarrow = true;
            _ = Task.Run(() => OpenNarrow(now));
        }
    }

    public override void Invalidate()
    {
        lock (Memory.Gate)
            if (current is { } now) now.IsSuspect = true;
    }

    public override Task RebuildAsync()
    {
        bool changed = Files?.Changed is not null;
        lock (Memory.Gate)
        {
            if (Opening is { } opening) return opening;
            if (Memory.IsClosed || current is not { IsSuspect: true } now) return Task.CompletedTask;
            if (changed && !now.IsDead)
            {
                now.IsSuspect = false; // nothing is known against it, and there would be no other
                return Task.FromException(ChangedOnDisk());
            }
            var before = TakeOut();
            Memory.Charge(this, OwnBytes - Charge); // the narrow session goes too
            return Memory.Reopen(this, before);
        }
    }

    public override void ShrinkMemory()
    {
        lock (Memory.Gate)
        {
            current?.Part.Graph.ShrinkNext();
            current?.Narrow?.Graph.ShrinkNext();
        }
        Memory.Ledger?.FreeAll();
    }

    /// <summary>Lets it go for good, after the last call.</summary>
    public void Dispose() => Memory.Close(this);

    public override IDisposable Open() => OpenSession(Memory.Sessions);

    public override void Install(IDisposable opened) => current = new Opened((T)opened);

    public override IDisposable? TakeOut()
    {
        var before = current;
        current = null;
        return before?.Retire();
    }

    private T OpenSession(SessionSettings settings)
    {
        if (Files?.Changed is not null) throw ChangedOnDisk();
        T part;
        try
        {
            part = open(settings);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            throw new GraphException($"{FullName} cannot be read: {FileFault.PlainReason(e)}",
                e is OutOfMemoryException ? GraphFault.OutOfMemory : GraphFault.Unavailable, e);
        }
        if (Files?.Changed is null) return part;
        part.Dispose();
        throw ChangedOnDisk();
    }

    private GraphException ChangedOnDisk() => new($"{FullName} was changed on disk after the model was loaded", GraphFault.Unavailable);

    private void Leave(Opened call, bool dead)
    {
        IDisposable? last;
        lock (Memory.Gate)
        {
            call.IsSuspect |= dead;
            call.IsDead |= dead;
            last = --call.Calls == 0 && call.IsRetired ? call : null;
            Memory.ReleaseInside(this);
        }
        last?.Dispose();
        Memory.Work.End();
    }

    private void OpenNarrow(Opened owner)
    {
        T? narrow = null;
        try
        {
            Memory.Ledger?.ClearArena();
            narrow = OpenSession(Memory.Sessions with { Threads = 1, Quiet = true });
        }
        catch (GraphException)
        {
            // Wide calls do all of it.
        }
        finally
        {
            lock (Memory.Gate)
            {
                if (narrow is not null && !owner.IsRetired)
                {
                    owner.Narrow = narrow;
                    narrow = null;
                }
                else if (!owner.IsRetired)
                {
                    Memory.Charge(this, -NarrowBytes);
                }
            }
            narrow?.Dispose();
            Memory.Work.End();
        }
    }

    /// <summary>The sessions of one opening; they go together, after the last call.</summary>
    private sealed class Opened(T part) : IDisposable
    {
        public T Part { get; } = part;
        public T? Narrow { get; set; }
        public bool AskedNarrow { get; set; }
        public bool IsSuspect { get; set; }
        public bool IsDead { get; set; }
        public bool IsRetired { get; private set; }
        public int Calls { get; set; }

        public IDisposable? Retire()
        {
            IsRetired = true;
            return Calls == 0 ? this : null;
        }

        public void Dispose()
        {
            Part.Dispose();
            Narrow?.Dispose();
        }
    }
    private readonly record struct PartCall(Opened Opened, T Part);
}

using System.Diagnostics;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Residency;

/// <summary>
/// A device and the parts in its memory, of whatever models and upscalers: opened when first held, and the least recently held leave when another needs
/// their room. Nobody's part leaves while it is held. Those who wait for room are served in the order in which they came, and whatever has to leave for the
/// first of them takes no new holders meanwhile, so nobody waits for ever. Safe for any number of threads.
/// </summary>
/// <param name="spec">The device.</param>
/// <param name="telemetry">What counts its parts and their calls; null: nothing does.</param>
/// <param name="ledger">Of the machine's memory, for a CPU; null: what parts and calls hold together is not bounded.</param>
public sealed class DeviceMemory(DeviceSpec spec, GraphTelemetry? telemetry = null, MemoryLedger? ledger = null)
{
    private const long MiB = 1 << 20;

    private readonly LinkedList<PartSlot> placed = []; // the least recently held first
    private readonly LinkedList<PartWaiter> waiters = [];
    private long used, opened, evicted;

    public DeviceSpec Spec { get; } = spec ?? throw new ArgumentNullException(nameof(spec));

    /// <summary>How wide sessions of the device are made.</summary>
    internal SessionSettings Sessions => Spec.Sessions with { Telemetry = telemetry, Arena = Ledger?.Arena };

    /// <summary>Of the machine's memory, where the device is a CPU and that is counted.</summary>
    public MemoryLedger? Ledger { get; } = spec.Kind == DeviceSpec.Cpu ? ledger : null;

    /// <summary>Bytes of the parts in memory and on their way there.</summary>
    public long UsedBytes => Interlocked.Read(ref used);

    /// <summary>Parts opened so far.</summary>
    public long Opened => Interlocked.Read(ref opened);

    /// <summary>Parts that left for another's sake so far.</summary>
    public long Evicted => Interlocked.Read(ref evicted);

    /// <summary>The parts in memory and on their way there, the least recently held first.</summary>
    public IReadOnlyList<ResidentPart> Parts
    {
        get
        {
            lock (Gate)
                return [.. placed.Select(slot => new ResidentPart(
                    slot.Owner, slot.Name, slot.Charge + slot.Excess, slot.Holders > 0, Stopwatch.GetElapsedTime(slot.UsedAt))
                    { FullName = slot.FullName, IsOpening = slot.Opening is not null })];
        }
    }

    /// <summary>Who waits for room now.</summary>
    internal int Waiting
    {
        get
        {
            lock (Gate) return waiters.Count;
        }
    }

    internal Lock Gate { get; } = new();

    /// <summary>Native work on the parts; it begins under the gate, and never once the device is closed.</summary>
    internal WorkUnderWay Work { get; } = new();

    /// <summary>Whether no part is opened or called any more; under the gate.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>A device without a budget, as a session's settings have it: for commands and tests.</summary>
    internal static DeviceMemory Of(SessionSettings settings) => new(DeviceSpec.Of(settings), settings.Telemetry);

    /// <summary>Has no part be opened or called any more, for a process that ends. Those who wait for one are told.</summary>
    /// <returns>Done when no session is being opened, called or let go.</returns>
    internal Task CloseAsync()
    {
        lock (Gate)
        {
            IsClosed = true;
            Serve();
        }
        return Work.EndAsync();
    }

    /// <summary>Holds a part; see <see cref="IModelPart.HoldAsync"/>.</summary>
    internal ValueTask<PartLease> HoldAsync(PartSlot slot, CancellationToken cancellation)
    {
        lock (Gate)
        {
            ObjectDisposedException.ThrowIf(slot.IsClosed || IsClosed, slot);
            if (slot.IsPlaced && !slot.IsLeaving)
            {
                Take(slot);
                return slot.Opening is { } opening ? new(AwaitAsync(slot, opening, cancellation)) : new(new PartLease(slot));
            }
            long all = slot.OwnBytes + (slot.Base?.OwnBytes ?? 0);
            if (all > BudgetFor(slot))
            {
                string own = Words(all, up: true), budget = Words(BudgetFor(slot), up: false);
                return ValueTask.FromException<PartLease>(new GraphException(
                    $"{slot.FullName} has {own} of weights, which is more than the device's budget of {budget}", GraphFault.OverBudget));
            }
            var waiter = new PartWaiter(slot);
            waiters.AddLast(waiter);
            Serve();
            return new(AwaitAsync(waiter, cancellation));
        }
    }

    /// <summary>Whether a part is in memory, or could be without anybody's waiting; under the gate.</summary>
    internal bool HasRoom(PartSlot slot) =>
        slot.IsPlaced || (waiters.Count == 0 && used + slot.Missing - BudgetFor(slot) is var missing && (missing <= 0 || CanFree(missing, slot.Base)));

    private static string Words(long bytes, bool up) => bytes < MiB ? $"{bytes} bytes" : $"{(up ? bytes + MiB - 1 : bytes) / MiB} MiB";

    /// <summary>Bytes for parts when one is to come in: a part that takes no more than its files have may be alone there with more than the budget.</summary>
    private long BudgetFor(PartSlot slot) =>
        slot.IsExact ? Math.Max(Spec.BudgetBytes, Math.Min(slot.OwnBytes + (slot.Base?.OwnBytes ?? 0), Spec.MaxPartBytes)) : Spec.BudgetBytes;

    /// <summary>Another holder of a part that is ready; under the gate.</summary>
    internal void Take(PartSlot slot)
    {
        slot.Holders++;
        slot.UsedAt = Stopwatch.GetTimestamp();
        MoveLast(slot);
        if (slot.Base is { IsPlaced: true } below) MoveLast(below); // always behind those that need it: they leave first
    }

    private void MoveLast(PartSlot slot)
    {
        if (placed.Last == slot.Node) return;
        placed.Remove(slot.Node);
        placed.AddLast(slot.Node);
    }

    internal void Release(PartSlot slot)
    {
        lock (Gate) ReleaseInside(slot);
    }

    internal void ReleaseInside(PartSlot slot)
    {
        slot.UsedAt = Stopwatch.GetTimestamp();
        if (--slot.Holders == 0) Serve();
    }

    /// <summary>Sets more memory aside for a part that is in it, where that much is free: nothing leaves for it.</summary>
    internal bool TryCharge(PartSlot slot, long bytes)
    {
        if (waiters.Count > 0 || used + bytes > Spec.BudgetBytes) return false;
        Charge(slot, bytes);
        return true;
    }

    internal void Charge(PartSlot slot, long bytes)
    {
        slot.Charge += bytes;
        Ledger?.Count(bytes);
        Interlocked.Add(ref used, bytes);
    }

    /// <summary>Opens a part again in the room that it has, what was there having been taken out; under the gate.</summary>
    internal Task Reopen(PartSlot slot, IDisposable? before) => BeginOpen(slot, before is null ? [] : [before]);

    /// <summary>Lets a part go for good.</summary>
    internal void Close(PartSlot slot)
    {
        IDisposable? left = null;
        lock (Gate)
        {
            if (slot.IsClosed) return;
            slot.IsClosed = true;
            if (slot.IsPlaced && slot.Opening is null) left = Remove(slot); // one that is being opened goes when it is open
            Serve();
        }
        left?.Dispose();
    }

    /// <summary>Has parts leave that nobody holds, the least recently held first, until so much is free.</summary>
    /// <returns>Bytes of what left.</returns>
    internal long EvictIdle(long bytes)
    {
        List<IDisposable> left;
        long before = UsedBytes;
        lock (Gate) left = Evict(bytes);
        foreach (var part in left) part.Dispose();
        return before - UsedBytes;
    }

    /// <summary>Serves those who wait as far as there is room, in their order; under the gate.</summary>
    private void Serve()
    {
        if (waiters.Count == 0) return;
        while (waiters.First is { } first)
        {
            var slot = first.Value.Slot;
            if (slot.IsClosed || IsClosed)
            {
                waiters.RemoveFirst();
                first.Value.SetException(new ObjectDisposedException(slot.FullName));
                continue;
            }
            if (!slot.IsPlaced)
            {
                long missing = used + slot.Missing - BudgetFor(slot);
                if (missing > 0 && !CanFree(missing, slot.Base)) break;
                var leaving = Evict(missing, slot.Base);
                if (slot.Base is { IsPlaced: false, IsClosed: false } below)
                {
                    Place(below, leaving);
                    leaving = [];
                }
                Place(slot, leaving);
            }
            waiters.RemoveFirst();
            Take(slot);
            first.Value.SetResult(slot.Opening);
        }
        MarkLeaving();
    }

    private void Place(PartSlot slot, List<IDisposable> leaving)
    {
        placed.AddLast(slot.Node);
        slot.Base?.Dependents.Add(slot);
        Charge(slot, slot.OwnBytes);
        _ = BeginOpen(slot, leaving);
    }

    private bool CanFree(long missing, PartSlot? kept)
    {
        foreach (var slot in placed)
            if (slot != kept && slot.CanLeave && (missing -= slot.Charge) <= 0) return true;
        return false;
    }

    private List<IDisposable> Evict(long missing, PartSlot? kept = null)
    {
        var left = new List<IDisposable>();
        for (var node = placed.First; node is not null && missing > 0;)
        {
            var slot = node.Value;
            node = node.Next;
            if (slot == kept || !slot.CanLeave) continue;
            missing -= slot.Charge;
            if (Remove(slot) is { } part) left.Add(part);
            Interlocked.Increment(ref evicted);
            telemetry?.Evicted();
        }
        return left;
    }

    /// <summary>
    /// What has to leave for the first who waits: all that nobody holds, then held ones from the least recently held on, until there is room. Those take no new
    /// holders, so what is gained stays gained, and each holder that goes brings the first in line nearer.
    /// </summary>
    private void MarkLeaving()
    {
        var needed = waiters.First?.Value.Slot;
        long missing = needed is { IsPlaced: false } ? used + needed.Missing - BudgetFor(needed) : 0;
        foreach (var slot in placed)
        {
            slot.IsLeaving = missing > 0 && slot.CanLeave && slot != needed?.Base;
            if (slot.IsLeaving) missing -= slot.Charge;
        }
        foreach (var slot in placed)
        {
            if (missing <= 0) return;
            if (slot.IsLeaving || slot == needed?.Base) continue;
            slot.IsLeaving = true;
            missing -= slot.Charge;
        }
    }

    private IDisposable? Remove(PartSlot slot)
    {
        placed.Remove(slot.Node);
        slot.Base?.Dependents.Remove(slot);
        slot.IsLeaving = false;
        Charge(slot, -slot.Charge);
        Ledger?.Count(-slot.Excess);
        slot.Excess = 0;
        return slot.TakeOut();
    }

    private Task BeginOpen(PartSlot slot, List<IDisposable> leaving)
    {
        Work.Begin();
        // Those who wait for it go on each on their own: one that then waits for another part must not hold up the rest.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        slot.Opening = done.Task;
        var below = slot.Base?.Opening;
        _ = Task.Run(() =>
        {
            try
            {
                Open(slot, leaving, below);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
            finally
            {
                Work.End();
            }
        });
        return done.Task;
    }

    private void Open(PartSlot slot, List<IDisposable> leaving, Task? below)
    {
        IDisposable? part = null;
        long excess = 0;
        try
        {
            // Their memory must be free before more is taken.
            foreach (var left in leaving) left.Dispose();
            if (leaving.Count > 0) NativeHeap.GiveBack();
            below?.GetAwaiter().GetResult(); // whose weights it computes with
            Ledger?.ClearArena();
            long before = Ledger is null ? 0 : ProcessMemory.OwnBytes;
            part = slot.Open();
            // float16 is kept as float32, and kernels keep weights in an order of their own; what others took meanwhile must not count for too much.
            if (Ledger is not null) excess = Math.Clamp(ProcessMemory.OwnBytes - before - slot.OwnBytes, 0, 2 * slot.OwnBytes);
        }
        finally
        {
            lock (Gate)
            {
                slot.Opening = null;
                if (part is null || slot.IsClosed)
                {
                    Remove(slot);
                }
                else
                {
                    Interlocked.Increment(ref opened);
                    telemetry?.Opened();
                    slot.Install(part);
                    Ledger?.Count(slot.Excess = excess);
                    part = null;
                }
                Serve();
            }
            part?.Dispose();
        }
    }

    private async Task<PartLease> AwaitAsync(PartWaiter waiter, CancellationToken cancellation)
    {
        Task? opening;
        await using (cancellation.Register(() => Withdraw(waiter, cancellation)))
            opening = await waiter.Task;
        return opening is null ? new PartLease(waiter.Slot) : await AwaitAsync(waiter.Slot, opening, cancellation);
    }

    private async Task<PartLease> AwaitAsync(PartSlot slot, Task opening, CancellationToken cancellation)
    {
        try
        {
            await opening.WaitAsync(cancellation);
            return new PartLease(slot);
        }
        catch
        {
            Release(slot);
            throw;
        }
    }

    private void Withdraw(PartWaiter waiter, CancellationToken cancellation)
    {
        lock (Gate)
        {
            if (!waiters.Remove(waiter)) return; // it has been served
            waiter.TrySetCanceled(cancellation);
            Serve();
            MarkLeaving();
        }
    }
}

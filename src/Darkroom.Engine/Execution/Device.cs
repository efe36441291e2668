using Darkroom.Engine.Devices;
using Darkroom.Engine.Energy;
using System.Collections.Concurrent;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Readings;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Telemetry;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Execution;

/// <summary>One device: its threads, what calls cost on it, and who runs on it next. Only the engine's loop touches it.</summary>
internal sealed class Device : IDisposable
{
    /// <summary>For its threads to end, when the process does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a call may be between two graph calls, or before the first: opening a session again reads gigabytes from a slow disk, and no longer than this.
    /// </summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMinutes(10);

    private readonly StepScheduler scheduler;
    private readonly List<DeviceWorker> workers = [];
    private readonly List<Batch> planned = [];
    private readonly Stack<DispatchedBatch> unused = new();
    private readonly Func<IStepExecutor> executor;
    private readonly Action<DispatchedBatch> ended;
    private readonly TimeProvider time;
    private readonly double? maxSeconds;
    private readonly Dictionary<(string Model, NetworkKind Kind), NetworkSize> sizes = [];
    private readonly PeakTable peaks;
    private readonly CallMeter meter;
    private readonly DeviceActivity activity;
    private int taken; // threads that calls run on

    /// <param name="index">Its number.</param>
    /// <param name="traits">What kind it is.</param>
    /// <param name="policy">The scheduler's settings.</param>
    /// <param name="executor">Makes an executor for one of its threads.</param>
    /// <param name="ended">Called on a worker's thread when a call is done.</param>
    /// <param name="time">Measures calls.</param>
    /// <param name="meters">What is measured at it.</param>
    public Device(
        int index, DeviceTraits traits, SchedulingPolicy policy, Func<IStepExecutor> executor, Action<DispatchedBatch> ended, TimeProvider time,
        DeviceMeters meters)
    {
        (meter, peaks, activity) = meters;
        (Index, this.executor, this.ended, this.time) = (index, executor, ended, time);
        (Traits, maxSeconds) = (traits, policy.CallTimeout?.TotalSeconds);
        Costs = new CostTable(traits, SizeOf);
        View.Threads = traits.Threads;
        scheduler = new StepScheduler(Costs, policy);
    }

    public int Index { get; }

    public DeviceTraits Traits { get; }

    public CostTable Costs { get; }

    /// <summary>What is ready on it; the loop fills it before <see cref="Run"/>.</summary>
    public DeviceView View { get; } = new();

    /// <summary>Whether the machine tells its energy.</summary>
    public bool TellsEnergy => meter.TellsEnergy;

    /// <summary>Whether a call could start now.</summary>
    public bool HasFreeThread => !IsLost && taken < View.Threads;

    public bool IsIdle => IsLost || taken == 0;

    /// <summary>Whether it was given up: nothing runs on it any more, and what comes back from it is nobody's.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Rows in calls now.</summary>
    public int BusyRows { get; private set; }

    /// <summary>Plans over <see cref="View"/> and starts what is planned.</summary>
    /// <returns>Calls started.</returns>
    public int Run(ActiveJobs rows)
    {
        if (!View.Evaluations.Exists(static one => one.Key.Kind.IsMain)) View.HeldUp = 0;
        View.FreeThreads = View.Threads - taken;
        View.BusyRows = BusyRows;
        planned.Clear();
        scheduler.Plan(View, planned);
        if (planned.Count > 0) View.Decision++;
        foreach (var batch in planned) Start(batch, rows);
        return planned.Count;
    }

    /// <summary>Takes the end of a call: its cost is learned, its threads are free.</summary>
    public void Finish(DispatchedBatch call)
    {
        var batch = call.Batch;
        taken -= batch.Width == CallWidth.Wide ? View.Threads : 1;
        BusyRows -= batch.Rows;
        call.Worker!.Free();
        activity.End(call.Slot);
        if (call.Result is { IsTypical: true }) Costs.Learn(batch.Key.Cost, batch.Evaluations.Count, batch.Width, call.Took.TotalSeconds);
        if (call.Result is { IsTypical: true } && batch is { Peak: { } peak, Estimate: > 0 })
            peaks.Learn(batch.Key.Cost, batch.Evaluations.Count, peak, batch.Estimate);
        if (call.Result?.Fits is { } fits) Costs.Limit(batch.Key.Cost, fits);
        View.HeldUp = batch.Key.Kind.IsMain ? 0 : View.HeldUp + call.Took.TotalSeconds;
    }

    /// <summary>Stops calls that take too long, and long ones that nobody waits for.</summary>
    /// <returns>A call that was stopped and does not come back; null where there is none.</returns>
    public DispatchedBatch? Watch(ActiveJobs rows, ILogger log)
    {
        if (taken == 0) return null;
        foreach (var worker in workers)
        {
            if (worker.Call is not { } call) continue;
            if (worker.GraphCalls.Running is not { } running)
            {
                if (worker.GraphCalls.Silence > MaxSilence && !call.IsOver) return call;
                continue;
            }
            bool isWanted = call.IsWanted(rows);
            switch (call.Limit.Decide(running.Elapsed.TotalSeconds, running.SinceStop?.TotalSeconds, isWanted))
            {
                case CallVerdict.GiveUp:
                    return call;
                case CallVerdict.Stop:
                    EngineLog.CallStopped(log, call.Batch.Key.Kind.Name, call.Batch.Key.Model, running.Elapsed.TotalSeconds, call.Limit.Estimate, isWanted);
                    if (isWanted) worker.GraphCalls.Stop(running.Number);
                    else worker.GraphCalls.Abandon();
                    break;
            }
        }
        return null;
    }

    /// <summary>Stops every call: what comes back is nobody's any more.</summary>
    public void AbandonCalls()
    {
        foreach (var worker in workers)
            if (worker.Call is not null) worker.GraphCalls.Abandon();
    }

    /// <summary>How it is now, for those who ask.</summary>
    public SeenDevice See()
    {
        var calls = workers.Select(worker => worker.Call).OfType<DispatchedBatch>().Where(call => !IsLost && !call.IsOver).Select(call => new RunningCall(
            call.Batch.Key.Model, call.Batch.Key.Kind.Name, call.Batch.Rows, time.GetElapsedTime(call.BegunAt).TotalSeconds, call.Limit.Estimate)).ToList();
        return new(IsLost ? DeviceState.GivenUp : calls.Count > 0 ? DeviceState.Working : DeviceState.Idle, calls,
            [.. Costs.MemoryLimits.Select(limit => new BatchLimit(
                limit.Key.Model, limit.Key.Kind.Name, limit.Key.Shape.Width, limit.Key.Shape.Height, limit.Evaluations))]);
    }

    public void GiveUp()
    {
        IsLost = true;
        BusyRows = 0;
        activity.Lose();
        foreach (var worker in workers) worker.End();
    }

    /// <summary>Notes since when a row waits for this device, where it does.</summary>
    public void Expect(Row row)
    {
        if (row.ReadySince is null && row.Wanted.Count > 0) row.ReadySince = time.GetTimestamp();
    }

    /// <summary>How long a row waited for a call; zero where that is not known.</summary>
    public TimeSpan WaitOf(Row row, DispatchedBatch call) =>
        row.ReadySince is { } since ? time.GetElapsedTime(since, call.BegunAt) : TimeSpan.Zero;

    /// <summary>Gives a call back for a later one, when its rows have moved on.</summary>
    public void Return(DispatchedBatch call)
    {
        scheduler.Return(call.Batch);
        unused.Push(call);
    }

    /// <summary>Tells the cost table how large a network is, and how many evaluations of a call fit in memory, before its first call.</summary>
    public void Describe(in CostKey key, NetworkSize size, int maxTogether)
    {
        sizes.TryAdd((key.Model, key.Kind), size);
        Costs.Estimate(key, maxTogether);
    }

    private NetworkSize? SizeOf(CostKey key) => sizes.TryGetValue((key.Model, key.Kind), out var size) ? size : null;

    public void Dispose()
    {
        foreach (var worker in workers) worker.End();
        long began = time.GetTimestamp();
        foreach (var worker in workers)
        {
            var left = Patience - time.GetElapsedTime(began);
            worker.Join(IsLost || left < TimeSpan.Zero ? TimeSpan.Zero : left);
        }
    }

    private void Start(Batch batch, ActiveJobs rows)
    {
        var worker = workers.Find(static one => one.Call is null);
        if (worker is null) workers.Add(worker = new DeviceWorker($"darkroom-device-{Index}.{workers.Count}", executor(), ended, time, meter));
        var call = unused.Count > 0 ? unused.Pop() : new DispatchedBatch();
        batch.Estimate = rows.RowOf(batch.Evaluations[0].Row).Stage!.BytesOf(batch.Evaluations.Count);
        batch.Bytes = peaks.BytesOf(batch.Key.Cost, batch.Evaluations.Count, batch.Estimate);
        call.Begin(this, worker, batch, CallLimit.Of(Costs, batch, maxSeconds), time.GetTimestamp());
        call.Slot = activity.Begin(batch.Key.Kind.Name, batch.Key.Model, batch.Rows, batch.Key.Kind.IsMain);
        for (int i = 0; i < batch.Evaluations.Count; i++)
        {
            var row = rows.RowOf(batch.Evaluations[i].Row);
            row.Dispatch(batch.Evaluations[i]);
            call.Add(row);
        }
        taken += batch.Width == CallWidth.Wide ? View.Threads : 1;
        BusyRows += batch.Rows;
        worker.Start(call);
    }
}

/// <summary>The devices of this server, and the calls on them that have ended.</summary>
internal sealed class DeviceGroup(IReadOnlyList<Device> devices, ConcurrentQueue<DispatchedBatch> ended) : IDisposable
{
    public IReadOnlyList<Device> All => devices;

    public DeviceQuestions Questions { get; } = new();

    /// <summary>Whether any was not given up.</summary>
    public bool AnyIsLeft
    {
        get
        {
            for (int i = 0; i < devices.Count; i++)
                if (!devices[i].IsLost) return true;
            return false;
        }
    }

    /// <summary>Whether no call runs and none waits to be taken.</summary>
    public bool IsIdle => ended.IsEmpty && devices.All(device => device.IsIdle);

    public bool TryTakeEnded([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DispatchedBatch? call) => ended.TryDequeue(out call);

    public void Dispose()
    {
        foreach (var device in devices) device.Dispose();
    }
}

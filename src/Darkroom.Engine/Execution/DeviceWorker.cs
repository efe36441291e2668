using Darkroom.Engine.Energy;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Execution;

/// <summary>
/// A thread of a device: inference blocks it for whole steps, and the pool's threads stay free for requests. One call at a time; nothing is allocated
/// for a call.
/// </summary>
internal sealed class DeviceWorker
{
    private readonly SemaphoreSlim wanted = new(0);
    private readonly IStepExecutor executor;
    private readonly Action<DispatchedBatch> ended;
    private readonly TimeProvider time;
    private readonly CallMeter meter;
    private readonly Thread thread;
    private DispatchedBatch? work;
    private CallReading begun;
    private int isMetered; // 1: a call counts among those that run

    /// <param name="name">Of the thread.</param>
    /// <param name="executor">This worker's own.</param>
    /// <param name="ended">Called on the worker's thread when a call is done.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="meter">The device's.</param>
    public DeviceWorker(string name, IStepExecutor executor, Action<DispatchedBatch> ended, TimeProvider time, CallMeter meter)
    {
        (this.executor, this.ended, this.time, this.meter) = (executor, ended, time, meter);
        GraphCalls = new CallStop(time);
        thread = new Thread(Loop) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>What it was given and the loop has not taken back; null: it waits for a call. Only the engine's loop asks and starts.</summary>
    public DispatchedBatch? Call { get; private set; }

    /// <summary>The graph calls of its thread.</summary>
    public CallStop GraphCalls { get; }

    /// <summary>Runs a batch on this thread; the one before must be done.</summary>
    public void Start(DispatchedBatch call)
    {
        GraphCalls.Renew();
        Call = work = call;
        wanted.Release();
    }

    /// <summary>The loop has taken the call's end.</summary>
    public void Free() => Call = null;

    /// <summary>Has the thread end: at once where it waits, else when its call lets go.</summary>
    public void End()
    {
        work = null;
        GraphCalls.Abandon();
        EndMetering(); // one that does not come back takes no share of what others take
        wanted.Release();
    }

    /// <summary>Waits for the end of the thread, so long at most: one that hangs is left behind, and the process ends without it.</summary>
    public void Join(TimeSpan patience)
    {
        if (thread.Join(patience)) wanted.Dispose();
    }

    private void Loop()
    {
        GraphCalls.Attach();
        while (true)
        {
            wanted.Wait();
            if (work is not { } call) return;
            work = null;
            StepResult? result = null;
            Exception? failure = null;
            long started = time.GetTimestamp();
            var span = call.BeginSpan();
            begun = meter.Begin();
            Volatile.Write(ref isMetered, 1);
            try
            {
                result = executor.Run(call.Batch, call);
            }
            catch (Exception e)
            {
                failure = e; // told to the loop, which decides what it means for the rows
            }
            var took = time.GetElapsedTime(started);
            var spent = EndMetering();
            BatchSpans.End(span, failure is null ? result!.Failures.Count : call.Batch.Rows); // first: the loop may run on this thread next
            call.End(result, failure, took, spent);
            ended(call);
        }
    }

    private CallSpending EndMetering() => Interlocked.Exchange(ref isMetered, 0) == 1 ? meter.End(begun) : default;
}

using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>
/// A thread of a device: inference blocks it for whole steps, and the pool's threads stay free for requests. One call at a time; nothing is allocated
/// for a call.
/// </summary>
internal sealed class DeviceWorker : IDisposable
{
    private readonly SemaphoreSlim wanted = new(0);
    private readonly IStepExecutor executor;
    private readonly Action<DispatchedBatch> ended;
    private readonly TimeProvider time;
    private readonly Thread thread;
    private DispatchedBatch? work;

    /// <param name="name">Of the thread.</param>
    /// <param name="executor">This worker's own.</param>
    /// <param name="ended">Called on the worker's thread when a call is done.</param>
    /// <param name="time">Measures it.</param>
    public DeviceWorker(string name, IStepExecutor executor, Action<DispatchedBatch> ended, TimeProvider time)
    {
        (this.executor, this.ended, this.time) = (executor, ended, time);
        thread = new Thread(Loop) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Whether it waits for a call. Only the engine's loop asks and starts.</summary>
    public bool IsFree { get; private set; } = true;

    /// <summary>Runs a batch on this thread; the one before must be done.</summary>
    public void Start(DispatchedBatch call)
    {
        IsFree = false;
        work = call;
        wanted.Release();
    }

    /// <summary>The loop has taken the call's end.</summary>
    public void Free() => IsFree = true;

    public void Dispose()
    {
        work = null;
        wanted.Release();
        thread.Join();
        wanted.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            wanted.Wait();
            if (work is not { } call) return;
            work = null;
            StepResult? result = null;
            Exception? failure = null;
            long started = time.GetTimestamp();
            try
            {
                result = executor.Run(call.Batch, call);
            }
            catch (Exception e)
            {
                failure = e; // told to the loop, which decides what it means for the rows
            }
            call.End(result, failure, time.GetElapsedTime(started));
            ended(call);
        }
    }
}

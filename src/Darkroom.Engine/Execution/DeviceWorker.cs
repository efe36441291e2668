using System.Threading.Tasks.Sources;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>
/// A device's own thread: inference blocks it for whole steps, and the pool's threads stay free for requests. One batch at a time; nothing is
/// allocated for a call.
/// </summary>
internal sealed class DeviceWorker : IValueTaskSource<StepResult>, IDisposable
{
    private readonly SemaphoreSlim wanted = new(0);
    private readonly IStepExecutor executor;
    private readonly Thread thread;
    private ManualResetValueTaskSourceCore<StepResult> done = new() { RunContinuationsAsynchronously = true };
    private (Batch Batch, IRowTable Rows)? work;

    public DeviceWorker(IStepExecutor executor)
    {
        this.executor = executor;
        thread = new Thread(Loop) { IsBackground = true, Name = "darkroom-device" };
        thread.Start();
    }

    /// <summary>Runs a batch on the device's thread; the one before must be done. Whatever the executor throws comes back through the task.</summary>
    public ValueTask<StepResult> RunAsync(Batch batch, IRowTable rows)
    {
        done.Reset();
        work = (batch, rows);
        wanted.Release();
        return new ValueTask<StepResult>(this, done.Version);
    }

    public void Dispose()
    {
        work = null;
        wanted.Release();
        thread.Join();
        wanted.Dispose();
    }

    StepResult IValueTaskSource<StepResult>.GetResult(short token) => done.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<StepResult>.GetStatus(short token) => done.GetStatus(token);

    void IValueTaskSource<StepResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        done.OnCompleted(continuation, state, token, flags);

    private void Loop()
    {
        while (true)
        {
            wanted.Wait();
            if (work is not { } item) return;
            try
            {
                done.SetResult(executor.Run(item.Batch, item.Rows));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}

using System.Collections.Concurrent;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Execution;

/// <summary>
/// A device's own thread: inference blocks it for whole steps, and the pool's threads stay free for requests. Batches run one at a time, in the
/// order they come.
/// </summary>
internal sealed class DeviceWorker : IDisposable
{
    private readonly BlockingCollection<Work> work = [];
    private readonly IStepExecutor executor;
    private readonly Thread thread;

    public DeviceWorker(IStepExecutor executor)
    {
        this.executor = executor;
        thread = new Thread(Loop) { IsBackground = true, Name = "darkroom-device" };
        thread.Start();
    }

    /// <summary>Runs a batch on the device's thread; whatever the executor throws comes back through the task.</summary>
    public Task<IReadOnlyList<StepResult>> RunAsync(Batch batch, IRowTable rows)
    {
        var item = new Work(batch, rows, new TaskCompletionSource<IReadOnlyList<StepResult>>(TaskCreationOptions.RunContinuationsAsynchronously));
        work.Add(item);
        return item.Done.Task;
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    private void Loop()
    {
        foreach (var item in work.GetConsumingEnumerable())
        {
            try
            {
                item.Done.SetResult(executor.Run(item.Batch, item.Rows));
            }
            catch (Exception e)
            {
                item.Done.SetException(e);
            }
        }
    }

    private readonly record struct Work(Batch Batch, IRowTable Rows, TaskCompletionSource<IReadOnlyList<StepResult>> Done);
}

using System.Runtime.CompilerServices;

namespace Darkroom.Engine.Queue;

/// <summary>
/// Wakes one waiting loop, which awaits the signal itself. Any number of signals before a wait count as one. Neither side allocates anything for it.
/// </summary>
internal sealed class AsyncSignal
{
    private readonly Lock gate = new();
    private bool isSet;
    private Action? waiting; // what the loop goes on with

    /// <summary>Whether the loop's next wait ends at once.</summary>
    public bool IsSet
    {
        get
        {
            lock (gate) return isSet;
        }
    }

    /// <summary>Wakes the loop on a thread of the pool.</summary>
    public void Set()
    {
        if (Take() is { } next) Queue(next);
    }

    /// <summary>Wakes the loop on the calling thread, which comes back when the loop waits for something: nobody has to be woken for a short turn.</summary>
    public void SetHere() => Take()?.Invoke();

    /// <summary>Wakes the loop when a task is done, however it ends.</summary>
    public void SetAfter(Task task)
    {
        if (!task.IsCompleted)
            _ = task.ContinueWith(_ => Set(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public Awaiter GetAwaiter() => new(this);

    private static void Queue(Action next) => ThreadPool.UnsafeQueueUserWorkItem(static one => one(), next, preferLocal: false);

    /// <summary>Sets it; what is to go on now, where the loop waits already.</summary>
    private Action? Take()
    {
        lock (gate)
        {
            var next = waiting;
            waiting = null;
            isSet = next is null;
            return next;
        }
    }

    private bool TryEnd()
    {
        lock (gate)
        {
            bool was = isSet;
            isSet = false;
            return was;
        }
    }

    private void Wait(Action next)
    {
        lock (gate)
        {
            if (!isSet)
            {
                waiting = next;
                return;
            }
            isSet = false; // it came between the question and the wait
        }
        Queue(next);
    }

    /// <summary>For the compiler.</summary>
    public readonly struct Awaiter(AsyncSignal signal) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => signal.TryEnd();

        public void OnCompleted(Action continuation) => signal.Wait(continuation);

        public void UnsafeOnCompleted(Action continuation) => signal.Wait(continuation);

        public void GetResult()
        {
        }
    }
}

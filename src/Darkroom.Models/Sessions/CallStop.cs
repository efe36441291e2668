using Microsoft.ML.OnnxRuntime;

namespace Darkroom.Models.Sessions;

/// <summary>A graph call that a thread is in.</summary>
/// <param name="Number">Counts the thread's calls.</param>
/// <param name="Elapsed">Since it began.</param>
/// <param name="SinceStop">Since it was told to stop; null: it was not.</param>
public readonly record struct GraphCall(long Number, TimeSpan Elapsed, TimeSpan? SinceStop);

/// <summary>
/// Shows other threads the graph call that its own thread is in, and lets them stop it. ONNX Runtime looks at the order between two nodes: a call that hangs
/// inside one does not come back.
/// </summary>
/// <param name="time">Measures calls.</param>
public sealed class CallStop(TimeProvider time)
{
    [ThreadStatic]
    private static CallStop? current;

    private readonly Lock gate = new();
    private RunOptions? running;
    private ITimer? bound;
    private long number, began, stopped, left;
    private bool isStopped, isAbandoned;

    /// <summary>The calling thread's; null: it has none.</summary>
    public static CallStop? OfThread => current;

    /// <summary>Why the call that the thread is in, or was in last, was stopped; null: it was not.</summary>
    public GraphFault? Reason
    {
        get
        {
            lock (gate) return isAbandoned ? GraphFault.Abandoned : isStopped ? GraphFault.TimedOut : null;
        }
    }

    /// <summary>The call that the thread is in; null: none.</summary>
    public GraphCall? Running
    {
        get
        {
            lock (gate)
                return running is null ? null : new GraphCall(number, time.GetElapsedTime(began), isStopped ? time.GetElapsedTime(stopped) : null);
        }
    }

    /// <summary>How long the thread has been in no graph call, since its last one or since <see cref="Renew"/>; zero while it is in one.</summary>
    public TimeSpan Silence
    {
        get
        {
            lock (gate) return running is null ? time.GetElapsedTime(left) : TimeSpan.Zero;
        }
    }

    /// <summary>Makes it the calling thread's.</summary>
    public void Attach() => current = this;

    /// <summary>Stops a call that takes too long, if the thread is still in it.</summary>
    public void Stop(long call)
    {
        lock (gate)
            if (call == number) Terminate();
    }

    /// <summary>Stops the call that the thread is in, and refuses the next ones until <see cref="Renew"/>: nobody waits for what they give.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            isAbandoned = true;
            Terminate();
        }
    }

    /// <summary>Lets the thread call again.</summary>
    public void Renew()
    {
        lock (gate) (isAbandoned, isStopped, left) = (false, false, time.GetTimestamp());
    }

    /// <summary>The thread begins a call, under options that are this call's alone.</summary>
    /// <exception cref="GraphException">The thread's work was abandoned.</exception>
    public void Enter(RunOptions options)
    {
        lock (gate)
        {
            if (isAbandoned) throw new GraphException("nobody waits for the call any more", GraphFault.Abandoned);
            (running, isStopped, began) = (options, false, time.GetTimestamp());
            number++;
        }
    }

    /// <summary>The call is over: nothing touches its options any more.</summary>
    public void Leave()
    {
        lock (gate) (running, left) = (null, time.GetTimestamp());
        bound?.Dispose();
    }

    /// <summary>For one call of a thread that nobody watches: it is stopped after so long.</summary>
    internal static CallStop After(TimeSpan limit)
    {
        var stop = new CallStop(TimeProvider.System);
        stop.bound = TimeProvider.System.CreateTimer(static one => ((CallStop)one!).Stop(1), stop, limit, Timeout.InfiniteTimeSpan);
        return stop;
    }

    private void Terminate()
    {
        if (running is null || isStopped) return;
        (isStopped, stopped) = (true, time.GetTimestamp());
        running.Terminate = true;
    }
}

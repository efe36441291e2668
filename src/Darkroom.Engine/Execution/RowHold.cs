using Darkroom.Engine.Queue;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>
/// A row's hold on the part that its stage needs: taken when evaluations are wanted, given back when the stage ends, so that parts that nobody works with may
/// leave the device. A row holds one part at a time and waits for one only while it holds none: rows cannot wait for each other.
/// </summary>
internal sealed class RowHold
{
    private PartLease? lease;
    private Task<PartLease>? taking;
    private CancellationTokenSource? leaving;

    public IModelPart? Part { get; private set; }

    public bool IsHeld => lease is not null;

    /// <summary>Whether the row waits for it.</summary>
    public bool IsTaking => taking is { IsCompleted: false };

    /// <summary>Holds the part, or begins to; to be asked again after <paramref name="signal"/>.</summary>
    /// <returns>Whether it is held.</returns>
    /// <exception cref="Models.Sessions.GraphException">It cannot be loaded.</exception>
    public bool Take(IModelPart part, AsyncSignal signal)
    {
        if (lease is not null) return true;
        if (taking is null)
        {
            Part = part;
            leaving = new CancellationTokenSource();
            var hold = part.HoldAsync(leaving.Token);
            if (hold.IsCompletedSuccessfully)
            {
                lease = hold.GetAwaiter().GetResult();
                return true;
            }
            taking = hold.AsTask();
            signal.SetAfter(taking);
        }
        if (!taking.IsCompleted) return false;
        lease = taking.GetAwaiter().GetResult(); // completed: throws what loading threw
        taking = null;
        return true;
    }

    /// <summary>Gives it back, or no longer waits for it.</summary>
    public void Release()
    {
        lease?.Dispose();
        lease = null;
        Part = null;
        if (taking is { } late)
        {
            leaving!.Cancel();
            // It may have come at the same moment.
            _ = late.ContinueWith(
                static task => task.GetAwaiter().GetResult().Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            taking = null;
        }
        leaving?.Dispose();
        leaving = null;
    }
}

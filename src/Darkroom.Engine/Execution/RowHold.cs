using Darkroom.Engine.Queue;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>
/// A row's hold on the network of its stage: taken when the stage begins, given back when it ends, so that parts of models that nobody works with may
/// leave the device. A row holds one network at a time and waits for one only while it holds none: rows cannot wait for each other.
/// </summary>
internal sealed class RowHold
{
    private PartLease? lease;
    private Task<PartLease>? taking;
    private CancellationTokenSource? leaving;

    public Network? Network { get; private set; }

    public bool IsHeld => lease is not null;

    /// <summary>Whether the row waits for it.</summary>
    public bool IsTaking => taking is { IsCompleted: false };

    /// <summary>Holds the network, or begins to; to be asked again after <paramref name="signal"/>.</summary>
    /// <returns>Whether it is held.</returns>
    /// <exception cref="Models.Sessions.GraphException">It cannot be loaded.</exception>
    public bool Take(Network network, AsyncSignal signal)
    {
        if (lease is not null) return true;
        if (taking is null)
        {
            Network = network;
            leaving = new CancellationTokenSource();
            var hold = network.HoldAsync(leaving.Token);
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
        Network = null;
        if (taking is { } wanted)
        {
            leaving!.Cancel();
            // It may have come at the same moment.
            _ = wanted.ContinueWith(static late => late.GetAwaiter().GetResult().Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            taking = null;
        }
        leaving?.Dispose();
        leaving = null;
    }
}

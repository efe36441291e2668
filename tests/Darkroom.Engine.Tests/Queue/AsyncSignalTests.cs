using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Execution;

namespace Darkroom.Engine.Tests.Queue;

public sealed class AsyncSignalTests
{
    [Fact]
    public async Task Signals_before_a_wait_count_as_one()
    {
        var signal = new AsyncSignal();
        signal.Set();
        signal.SetHere();
        Assert.True(signal.IsSet);
        await signal;
        Assert.False(signal.IsSet);
        Assert.False(signal.GetAwaiter().IsCompleted);
    }

    [Fact]
    public void Waiting_loop_goes_on_where_it_is_signalled()
    {
        var signal = new AsyncSignal();
        int went = 0;
        signal.GetAwaiter().UnsafeOnCompleted(() => went = Environment.CurrentManagedThreadId);
        signal.SetHere();
        Assert.Equal(Environment.CurrentManagedThreadId, went);
        Assert.False(signal.IsSet); // it went to the waiting one
    }

    [Fact]
    public async Task No_signal_is_lost_between_threads()
    {
        var signal = new AsyncSignal();
        const int Signals = 10_000;
        int sent = 0, seen = 0;
        var sending = Task.Run(() =>
        {
            for (int i = 0; i < Signals; i++)
            {
                Interlocked.Increment(ref sent);
                if (i % 2 == 0) signal.Set();
                else signal.SetHere();
            }
        }, TestContext.Current.CancellationToken);
        async Task SeeAllAsync()
        {
            while (seen < Signals)
            {
                await signal;
                seen = Volatile.Read(ref sent);
            }
        }
        await SeeAllAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await sending;
        Assert.Equal(Signals, seen);
    }
}

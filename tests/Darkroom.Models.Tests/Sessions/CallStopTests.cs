using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Graphs;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>A graph with a loop that does not end, and how its calls are stopped.</summary>
public sealed class CallStopTests : IDisposable
{
    private readonly HandMadeGraph file = new();
    private readonly DeviceMemory memory = new(new DeviceSpec { BudgetBytes = 10, Threads = 1 });
    private readonly GraphSlot<OnnxGraph> part;
    private int opened;

    public CallStopTests()
    {
        file.Input("x", HandMadeGraph.Float, "rows").Output("y", HandMadeGraph.Float, "rows").Node("Identity", ["x"], "y");
        file.Write();
        File.WriteAllBytes(file.Path, HangingGraph.Endless(File.ReadAllBytes(file.Path), "y"));
        part = new GraphSlot<OnnxGraph>(memory, "unet", 1, settings =>
        {
            opened++;
            return OnnxGraph.Load(file.Path, settings);
        });
    }

    [Fact]
    public async Task A_call_that_takes_too_long_ends_when_it_is_stopped_and_asks_for_a_new_session()
    {
        var stop = new CallStop(TimeProvider.System);
        var failure = await HangAsync(stop, call => stop.Stop(call.Number));
        Assert.Equal(GraphFault.TimedOut, failure.Fault);
        Assert.StartsWith("unet was stopped after", failure.Message, StringComparison.Ordinal);
        Assert.Null(stop.Running);
        await part.RebuildAsync();
        Assert.Equal(2, opened);

        // What stopped one call is not there for the next.
        Assert.Equal(GraphFault.TimedOut, (await HangAsync(stop, call => stop.Stop(call.Number))).Fault);
    }

    [Fact]
    public async Task Work_that_was_abandoned_ends_and_makes_no_further_calls_until_it_is_renewed()
    {
        var stop = new CallStop(TimeProvider.System);
        Assert.Equal(GraphFault.Abandoned, (await HangAsync(stop, _ => stop.Abandon())).Fault);
        await part.RebuildAsync();
        Assert.Equal(1, opened); // nothing is wrong with the session
        Assert.Equal(GraphFault.Abandoned, (await OnThread(stop)).Fault);
        stop.Renew();
        Assert.Equal(GraphFault.TimedOut, (await HangAsync(stop, call => stop.Stop(call.Number))).Fault);
    }

    [Fact]
    public async Task Stopping_one_call_does_not_stop_another_of_the_same_session()
    {
        var (one, other) = (new CallStop(TimeProvider.System), new CallStop(TimeProvider.System));
        var going = OnThread(other);
        while (other.Running is null && !going.IsCompleted) await Task.Yield();
        Assert.Equal(GraphFault.TimedOut, (await HangAsync(one, call => one.Stop(call.Number))).Fault);
        Assert.False(going.IsCompleted);
        one.Stop(1); // long over
        Assert.Null(other.Running!.Value.SinceStop);
        other.Abandon();
        Assert.Equal(GraphFault.Abandoned, (await going).Fault);
    }

    public void Dispose()
    {
        part.Dispose();
        file.Dispose();
    }

    private async Task<GraphException> HangAsync(CallStop stop, Action<GraphCall> end)
    {
        var call = OnThread(stop);
        while (stop.Running is null && !call.IsCompleted) await Task.Yield();
        await Task.Delay(TimeSpan.FromSeconds(0.1), TestContext.Current.CancellationToken);
        if (call.IsCompleted) Assert.Fail($"It does not hang: {(await call).Message}");
        Assert.True(stop.Running is { SinceStop: null, Elapsed.TotalSeconds: > 0.05 });
        end(stop.Running!.Value);
        return await call;
    }

    private Task<GraphException> OnThread(CallStop stop) => Task.Factory.StartNew(
        () =>
        {
            stop.Attach();
            return Assert.Throws<GraphException>(() => part.Call(RunWidth.Wide, 0, static (graph, _) => graph.Run(
                [[2]], ["y"], 0, static (binding, _) => binding.Write("x", 0, [1f, 2f]), static (_, _) => { })));
        }, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}

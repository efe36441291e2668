using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Residency;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>The arena is the process's: these tests share one, of 100 MiB.</summary>
public sealed class HostArenaTests
{
    private static readonly HostArena Arena = HostArena.Share(100L << 20);

    private static OnnxGraph Open() => OnnxGraph.Load(
        Path.Combine(Repository.Root, "tests", "conformance", "pipelines", "sd15-tiny", "onnx", "unet", "model.onnx"), new() { Threads = 1, Arena = Arena });

    private static void Run(OnnxGraph graph, int cells) =>
        graph.Run([[2, 4, cells, cells], [], [2, 77, 32]], [graph.Outputs[0].Name], 0, static (_, _) => { }, static (_, _) => { });

    [Fact]
    public void A_call_beyond_the_limit_is_out_of_memory_and_the_session_goes_on()
    {
        using var graph = Open();
        Run(graph, 8);
        Assert.Equal(GraphFault.OutOfMemory, Assert.Throws<GraphException>(() => Run(graph, 64)).Fault); // 1 GiB of attention
        Run(graph, 8);
        Assert.InRange(Arena.State.Held, 1, Arena.MaxBytes);
    }

    [Fact]
    public void What_calls_left_goes_back_when_it_is_shrunk_and_a_call_is_measured()
    {
        using var graph = Open();
        var ledger = new MemoryLedger(1L << 30, Arena);
        var room = ledger.Begin(70L << 20);
        Run(graph, 32);
        long? measured = room.End();
        if (measured is { } bytes) Assert.InRange(bytes, 60L << 20, 70L << 20); // 64 MiB of attention
        Assert.True(Arena.State.Held > 60L << 20);
        Arena.Shrink();
        Assert.True(Arena.State.Held < 32L << 20);
    }

    [Fact]
    public void What_a_size_needed_is_given_back_before_the_next_one_is_let_in()
    {
        using var graph = Open();
        Arena.Shrink();
        long before = Arena.State.Held;
        var ledger = new MemoryLedger(1L << 30, Arena);
        foreach (int cells in (int[])[20, 24, 28, 32, 24, 32, 28])
        {
            long scores = 2L * 2 * 4 * cells * cells * cells * cells * sizeof(float), bytes = scores + (scores >> 2);
            var room = ledger.Begin(bytes);
            Run(graph, cells);
            room.End();
            Assert.InRange(Arena.State.Held - before, 0, 100L << 20);
        }
        Arena.Shrink();
        // Answers that are kept for the next call of their size lie elsewhere: one of them would hold on to all of it.
        Assert.InRange(Arena.State.Held, 0, before + (8L << 20));
    }

    [Fact]
    public void Arena_holds_what_is_gathered_in_one_piece()
    {
        using var graph = Open();
        Assert.True(Arena.Gather(80L << 20));
        long held = Arena.State.Held;
        Run(graph, 32);
        Assert.Equal(held, Arena.State.Held);
        Assert.False(Arena.Gather(Arena.MaxBytes + 1));
        Assert.True(Arena.State.Held < 32L << 20);
    }

    [Fact]
    public void What_the_process_holds_beside_weights_and_calls_leaves_calls_less_room()
    {
        var time = new HandTime();
        long beside = 0;
        const long aside = 300L << 20;
        var memory = new BesideMemory(aside, time, () => (beside, 100L << 20));
        var ledger = new MemoryLedger(1L << 30, Arena, memory);
        long room = ledger.CallBytes;
        ledger.Begin(1 << 20).End();
        Assert.Equal((0, room), (memory.Excess, ledger.CallBytes));

        beside = aside + (100L << 20) + Arena.State.Held + (1000L << 20); // the managed heap is counted apart
        ledger.Begin(1 << 20).End();
        Assert.Equal(0, memory.Excess); // it was looked at a moment ago
        time.Move(1);
        ledger.Begin(1 << 20).End();
        Assert.InRange(memory.Excess, 990L << 20, 1010L << 20);
        Assert.True(ledger.CallBytes < 40L << 20);
        beside = 0;
        time.Move(1);
        ledger.Begin(1 << 20).End();
        Assert.Equal(room, ledger.CallBytes);
    }

    [Fact]
    public async Task A_call_waits_for_the_room_of_another()
    {
        var ledger = new MemoryLedger(1L << 30, Arena);
        var first = ledger.Begin(60L << 20);
        var beside = ledger.Begin(30L << 20);
        var second = Task.Run(() => ledger.Begin(60L << 20));
        beside.End();
        Assert.NotSame(second, await Task.WhenAny(second, Task.Delay(100, TestContext.Current.CancellationToken)));
        first.End();
        (await second).End();
        ledger.Begin(long.MaxValue / 4).End(); // alone anybody goes
        Assert.Equal(0, ledger.Reserved);
    }
}

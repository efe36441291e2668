using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Sessions that died, and what is done about them.</summary>
public sealed class RebuildTests
{
    [Fact]
    public async Task A_session_that_is_not_to_be_trusted_is_opened_anew_under_the_leases_that_are_out()
    {
        using var device = new TinyDevice(budget: 1);
        var a = device.Part("a");
        using var lease = await a.HoldAsync(TestContext.Current.CancellationToken);
        await a.RebuildAsync(); // nothing is wrong with it
        Assert.Equal(["a"], device.Opened);
        a.Invalidate();
        await Task.WhenAll(a.RebuildAsync(), a.RebuildAsync());
        Assert.Equal(["a", "a"], device.Opened);
        Assert.Equal(0.5f, TinyDevice.Run(a, 0.5f)[0]);
        Assert.Equal(1, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task The_old_session_goes_when_its_last_call_ends_and_new_calls_take_the_new_one()
    {
        using var device = new TinyDevice(budget: 1);
        var a = device.Part("a");
        float[] answer = TinyDevice.Run(a, 0.25f, during: () =>
        {
            a.Invalidate();
            a.RebuildAsync().GetAwaiter().GetResult();
            Assert.Equal(0.5f, TinyDevice.Run(a, 0.5f)[0]);
        });
        Assert.Equal((0.25f, 2), (answer[0], device.Opened.Count));
        await TinyDevice.TouchAsync(device.Part("b")); // nothing holds the old one
        Assert.False(a.IsResident);
    }

    [Fact]
    public async Task Calls_wait_while_a_session_is_opened_anew()
    {
        using var device = new TinyDevice(budget: 1);
        using var opens = new ManualResetEventSlim(initialState: true);
        var a = device.Part("a", before: () => opens.Wait(TestContext.Current.CancellationToken));
        using var lease = await a.HoldAsync(TestContext.Current.CancellationToken);
        a.Invalidate();
        opens.Reset();
        var rebuild = a.RebuildAsync();
        var call = Task.Run(() => TinyDevice.Run(a, 0.5f), TestContext.Current.CancellationToken);
        Assert.False(a.IsResident);
        opens.Set();
        await rebuild;
        Assert.Equal(0.5f, (await call)[0]);
        Assert.Equal(2, device.Opened.Count);
    }

    [Fact]
    public async Task A_call_that_ends_in_a_dead_session_says_so_itself_and_a_refused_one_does_not()
    {
        using var device = new TinyDevice(budget: 1);
        var a = device.Part("a");
        foreach (var (fault, opened) in new[] { (GraphFault.Refused, 1), (GraphFault.OutOfMemory, 1), (GraphFault.Dead, 2) })
        {
            Assert.Throws<GraphException>(() => TinyDevice.Run(a, 0, during: () => throw new GraphException("scripted", fault)));
            await a.RebuildAsync();
            Assert.Equal(opened, device.Opened.Count);
        }
    }

    [Fact]
    public async Task A_session_that_cannot_be_opened_anew_leaves_its_room_and_the_next_call_tries_again()
    {
        using var device = new TinyDevice(budget: 1);
        bool broken = false;
        var a = device.Part("a", before: () =>
        {
            if (broken) throw new GraphException("the file is gone");
        });
        using var lease = await a.HoldAsync(TestContext.Current.CancellationToken);
        (broken, _) = (true, 0);
        a.Invalidate();
        await Assert.ThrowsAsync<GraphException>(a.RebuildAsync);
        Assert.Equal((false, 0), (a.IsResident, device.Memory.UsedBytes));
        Assert.Throws<GraphException>(() => TinyDevice.Run(a, 1));
        broken = false;
        Assert.Equal(1, TinyDevice.Run(a, 1)[0]);
        Assert.Equal(1, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task A_call_whose_session_could_not_be_opened_anew_waits_for_nobody_who_took_its_room()
    {
        using var device = new TinyDevice(budget: 1);
        bool broken = false;
        var (a, b) = (device.Part("a", before: () =>
        {
            if (broken) throw new GraphException("the file is gone");
        }), device.Part("b"));
        using var lease = await a.HoldAsync(TestContext.Current.CancellationToken);
        broken = true;
        a.Invalidate();
        await Assert.ThrowsAsync<GraphException>(a.RebuildAsync);
        broken = false;
        using (await b.HoldAsync(TestContext.Current.CancellationToken))
        {
            // Who holds the other part may wait for this thread: a call that waited here for room would wait for ever.
            var refused = Task.Run(() => TinyDevice.Run(a, 1), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(GraphFault.Unavailable, (await Assert.ThrowsAsync<GraphException>(() => refused)).Fault);
        }
        Assert.Equal(1, TinyDevice.Run(a, 1)[0]);
    }

    [Fact]
    public void A_call_that_shrinks_memory_gives_the_same_answer()
    {
        using var device = new TinyDevice(budget: 1);
        var a = device.Part("a");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0.5f, TinyDevice.Run(a, 0.5f)[0]);
            a.ShrinkMemory();
        }
    }

    [Fact]
    public async Task A_narrow_session_counts_and_comes_only_where_there_is_room_for_it()
    {
        using var device = new TinyDevice(budget: 3, threads: 2);
        var (a, b) = (device.Part("a"), device.Part("b", 2));
        using var lease = await a.HoldAsync(TestContext.Current.CancellationToken);
        await PrepareAsync(a);
        Assert.Equal((true, 2, 2), (a.NarrowIsReady, device.Opened.Count, device.Memory.UsedBytes));
        Assert.Equal(TinyDevice.Run(a, 0.3f), TinyDevice.Run(a, 0.3f, RunWidth.Narrow));

        a.Invalidate();
        await a.RebuildAsync(); // the narrow one goes with the wide one
        Assert.Equal((false, 1), (a.NarrowIsReady, device.Memory.UsedBytes));
        using var other = await b.HoldAsync(TestContext.Current.CancellationToken);
        a.PrepareNarrow(); // full
        Assert.Equal((false, 3), (a.NarrowIsReady, device.Memory.UsedBytes));
        Assert.Equal(0.3f, TinyDevice.Run(a, 0.3f, RunWidth.Narrow)[0]); // a wide call then
    }

    [Fact]
    public async Task A_device_of_one_thread_needs_no_narrow_sessions_and_a_large_part_gets_none()
    {
        using var one = new TinyDevice(budget: 3, threads: 1);
        var a = one.Part("a");
        await TinyDevice.TouchAsync(a);
        a.PrepareNarrow();
        Assert.Equal((true, 1), (a.NarrowIsReady, one.Memory.UsedBytes));

        using var two = new TinyDevice(budget: long.MaxValue, threads: 2);
        var large = two.Part("large", two.Memory.Spec.NarrowLimitBytes + 1);
        await TinyDevice.TouchAsync(large);
        large.PrepareNarrow();
        Assert.Equal((false, large.Bytes), (large.NarrowIsReady, two.Memory.UsedBytes));
    }

    internal static async Task PrepareAsync(PartSlot part)
    {
        part.PrepareNarrow();
        while (!part.NarrowIsReady) await Task.Yield();
    }
}

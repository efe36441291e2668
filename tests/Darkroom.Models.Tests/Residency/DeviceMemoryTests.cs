using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Who comes, who leaves and who waits, on a device of a few bytes.</summary>
public sealed class DeviceMemoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_least_recently_held_part_leaves_first()
    {
        using var device = new TinyDevice(budget: 3);
        var (a, b, c, d) = (device.Part("a"), device.Part("b"), device.Part("c"), device.Part("d"));
        await TinyDevice.TouchAsync(a, b, c, a, d);
        Assert.Equal((true, false, true, true), (a.IsResident, b.IsResident, c.IsResident, d.IsResident));
        await TinyDevice.TouchAsync(b);
        Assert.Equal((true, true, false, true), (a.IsResident, b.IsResident, c.IsResident, d.IsResident));
        Assert.Equal((3, 5, 2), (device.Memory.UsedBytes, device.Memory.Opened, device.Memory.Evicted));
    }

    [Fact]
    public async Task No_more_leaves_than_has_to()
    {
        using var device = new TinyDevice(budget: 10);
        var (a, b, c, large) = (device.Part("a", 2), device.Part("b", 4), device.Part("c", 4), device.Part("large", 5));
        await TinyDevice.TouchAsync(a, b, c, large);
        Assert.Equal((false, false, true, true), (a.IsResident, b.IsResident, c.IsResident, large.IsResident));
        Assert.Equal(9, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task A_held_part_stays_and_whoever_needs_its_room_waits()
    {
        using var device = new TinyDevice(budget: 1);
        var (a, b) = (device.Part("a"), device.Part("b"));
        var lease = await a.HoldAsync(Cancellation);
        var waits = b.HoldAsync(Cancellation).AsTask();
        Assert.Equal(1, device.Memory.Waiting);
        Assert.Equal([.. Enumerable.Repeat(0.5f, 12)], TinyDevice.Run(a, 0.5f)); // the lease's own calls go on
        Assert.False(waits.IsCompleted);
        lease.Dispose();
        lease.Dispose();
        using var next = await waits;
        Assert.Equal((false, true, 0), (a.IsResident, b.IsResident, device.Memory.Waiting));
    }

    [Fact]
    public async Task Who_waits_is_served_in_the_order_of_asking()
    {
        using var device = new TinyDevice(budget: 1);
        var first = await device.Part("held").HoldAsync(Cancellation);
        var waits = Enumerable.Range(0, 5).Select(i => device.Part($"{i}").HoldAsync(Cancellation).AsTask()).ToArray();
        first.Dispose();
        foreach (var one in waits) (await one).Dispose();
        Assert.Equal(["held", "0", "1", "2", "3", "4"], device.Opened);
    }

    [Fact]
    public async Task A_part_that_has_to_leave_takes_no_new_holders_so_that_nobody_starves()
    {
        using var device = new TinyDevice(budget: 1);
        var (a, b) = (device.Part("a"), device.Part("b"));
        var holds = await a.HoldAsync(Cancellation);
        var waits = b.HoldAsync(Cancellation).AsTask();
        var later = a.HoldAsync(Cancellation).AsTask();
        Assert.False(later.IsCompleted);
        holds.Dispose();
        var served = await waits;
        Assert.False(later.IsCompleted);
        served.Dispose();
        (await later).Dispose();
        Assert.Equal(["a", "b", "a"], device.Opened);
    }

    [Fact]
    public async Task A_part_beside_the_one_that_has_to_leave_takes_holders_as_ever()
    {
        using var device = new TinyDevice(budget: 2);
        var (a, b, c) = (device.Part("a"), device.Part("b"), device.Part("c"));
        var old = await a.HoldAsync(Cancellation);
        using var young = await b.HoldAsync(Cancellation);
        var waits = c.HoldAsync(Cancellation).AsTask();
        var beside = b.HoldAsync(Cancellation);
        Assert.True(beside.IsCompletedSuccessfully);
        (await beside).Dispose();
        old.Dispose();
        (await waits).Dispose();
        Assert.True(b.IsResident);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_lets_those_behind_go_on()
    {
        using var device = new TinyDevice(budget: 2);
        var (a, large, c) = (device.Part("a"), device.Part("large", 2), device.Part("c"));
        using var held = await a.HoldAsync(Cancellation);
        using var impatience = new CancellationTokenSource();
        var givesUp = large.HoldAsync(impatience.Token).AsTask();
        var behind = c.HoldAsync(Cancellation).AsTask(); // there is room, but not its turn
        var again = a.HoldAsync(Cancellation).AsTask();
        Assert.Equal(3, device.Memory.Waiting);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);
        (await behind).Dispose();
        (await again).Dispose();
        Assert.Equal((0, 2), (device.Memory.Waiting, device.Memory.UsedBytes));
        Assert.True(a.HoldAsync(Cancellation).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_part_larger_than_the_device_is_refused_with_its_name_and_both_sizes()
    {
        using var device = new TinyDevice(budget: 10);
        var error = await Assert.ThrowsAsync<GraphException>(() => device.Part("starter/unet", 11).HoldAsync(Cancellation).AsTask());
        Assert.Equal((GraphFault.OverBudget, "starter/unet has 11 bytes of weights, which is more than the device's budget of 10 bytes"),
            (error.Fault, error.Message));
        Assert.Equal(0, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task A_part_of_known_size_may_be_alone_with_more_than_the_budget_and_others_come_back_when_it_left()
    {
        using var device = new TinyDevice(budget: 10, maxPart: 30);
        var (text, unet, decoder) = (device.Part("text", 4, exact: true), device.Part("unet", 25, exact: true), device.Part("decoder", 3, exact: true));
        await TinyDevice.TouchAsync(text, decoder);
        var lease = await unet.HoldAsync(Cancellation);
        Assert.Equal((25, true, false, false), (device.Memory.UsedBytes, unet.IsResident, text.IsResident, decoder.IsResident));
        var waits = decoder.HoldAsync(Cancellation).AsTask();
        Assert.False(waits.IsCompleted);
        lease.Dispose();
        using var held = await waits;
        Assert.Equal((3, false, true), (device.Memory.UsedBytes, unet.IsResident, decoder.IsResident));
        var error = await Assert.ThrowsAsync<GraphException>(() => device.Part("larger", 31, exact: true).HoldAsync(Cancellation).AsTask());
        Assert.Equal(GraphFault.OverBudget, error.Fault);
        // What its session takes may be twice what its file has.
        await Assert.ThrowsAsync<GraphException>(() => device.Part("exported", 25).HoldAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task A_part_that_cannot_be_opened_gives_its_room_back_and_is_tried_again()
    {
        using var device = new TinyDevice(budget: 1);
        int tries = 0;
        var a = device.Part("a", before: () =>
        {
            if (tries++ == 0) throw new GraphException("no luck");
        });
        Assert.Equal("no luck", (await Assert.ThrowsAsync<GraphException>(() => a.HoldAsync(Cancellation).AsTask())).Message);
        Assert.Equal((0, false), (device.Memory.UsedBytes, a.IsResident));
        await TinyDevice.TouchAsync(a, device.Part("b"));
        Assert.Equal((1, 2), (device.Memory.UsedBytes, device.Memory.Opened));
    }

    [Fact]
    public async Task Whoever_comes_while_a_part_is_opened_gets_the_same_one()
    {
        using var device = new TinyDevice(budget: 1);
        using var opens = new ManualResetEventSlim();
        var a = device.Part("a", before: () => opens.Wait(Cancellation));
        var holders = Enumerable.Range(0, 4).Select(_ => a.HoldAsync(Cancellation).AsTask()).ToArray();
        opens.Set();
        foreach (var lease in await Task.WhenAll(holders)) lease.Dispose();
        Assert.Equal(["a"], device.Opened);
    }

    [Fact]
    public async Task Holding_what_is_in_memory_is_done_at_once_and_allocates_the_lease_alone()
    {
        using var device = new TinyDevice(budget: 2);
        var (a, b) = (device.Part("a"), device.Part("b"));
        await TinyDevice.TouchAsync(a, b);
        long allocated = Measure(1000);
        Assert.InRange(allocated, 0, 1000 * 32);

        long Measure(int times)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < times; i++)
            {
                var hold = (i % 2 == 0 ? a : b).HoldAsync(CancellationToken.None);
                Assert.True(hold.IsCompletedSuccessfully);
                hold.GetAwaiter().GetResult().Dispose();
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task A_part_that_is_let_go_for_good_ends_after_its_last_call_and_cannot_be_held()
    {
        using var device = new TinyDevice(budget: 1);
        var a = device.Part("a");
        Assert.Equal(0.25f, TinyDevice.Run(a, 0.25f, during: a.Dispose)[0]);
        Assert.Equal((0, false), (device.Memory.UsedBytes, a.IsResident));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => a.HoldAsync(Cancellation).AsTask());
        Assert.Throws<ObjectDisposedException>(() => TinyDevice.Run(a, 1));
    }

    [Fact]
    public async Task Traffic_over_twice_what_fits_never_passes_the_budget_and_leaves_nobody_behind()
    {
        using var device = new TinyDevice(budget: 6);
        var parts = Enumerable.Range(0, 6).Select(i => device.Part($"{i}", 1 + i % 3)).ToArray(); // 12 together
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            for (int round = 0; round < 60; round++)
            {
                var part = parts[(worker * 7 + round * (worker + 1)) % parts.Length];
                if ((round + worker) % 4 == 0)
                {
                    Assert.Equal(worker, TinyDevice.Run(part, worker)[11]); // without a lease
                    continue;
                }
                using var lease = await part.HoldAsync(Cancellation);
                Assert.True(part.IsResident);
                Assert.Equal(worker, TinyDevice.Run(part, worker)[11]);
                Assert.InRange(device.Memory.UsedBytes, part.Bytes, 6);
            }
        }, Cancellation)));
        Assert.Equal(0, device.Memory.Waiting);
        Assert.All(parts, part => Assert.Equal(0, part.Holders));
        Assert.Equal(parts.Where(part => part.IsResident).Sum(part => part.Bytes), device.Memory.UsedBytes);
        Assert.Equal(device.Memory.Opened, device.Memory.Evicted + parts.Count(part => part.IsResident));
    }
}

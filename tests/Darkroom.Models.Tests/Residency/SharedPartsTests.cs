using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Parts that compute with another's weights, on a device of a few bytes.</summary>
public sealed class SharedPartsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_comes_with_the_one_whose_weights_it_shares_and_counts_for_what_is_its_own()
    {
        using var device = new TinyDevice(budget: 10);
        var whole = device.Part("whole", 6);
        var variant = device.Part("variant", 6, below: whole, own: 2);
        await TinyDevice.TouchAsync(variant);
        Assert.Equal((true, true, 8), (whole.IsResident, variant.IsResident, device.Memory.UsedBytes));
        Assert.Equal(["whole", "variant"], device.Opened);
        await TinyDevice.TouchAsync(device.Part("another", 6, below: whole, own: 2));
        Assert.Equal(10, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task The_one_whose_weights_are_shared_leaves_last()
    {
        using var device = new TinyDevice(budget: 10);
        var whole = device.Part("whole", 6);
        var (first, second) = (device.Part("first", 6, below: whole, own: 2), device.Part("second", 6, below: whole, own: 2));
        await TinyDevice.TouchAsync(whole, first, second);
        await TinyDevice.TouchAsync(device.Part("small", 1));
        Assert.Equal((true, false, true), (whole.IsResident, first.IsResident, second.IsResident));
        await TinyDevice.TouchAsync(device.Part("large", 9)); // beside small
        Assert.Equal((false, false, 10), (whole.IsResident, second.IsResident, device.Memory.UsedBytes));
        await TinyDevice.TouchAsync(first);
        Assert.Equal((true, true, 8), (whole.IsResident, first.IsResident, device.Memory.UsedBytes));
    }

    [Fact]
    public async Task Room_is_never_made_by_what_is_needed_beside()
    {
        using var device = new TinyDevice(budget: 8);
        var (whole, other) = (device.Part("whole", 6), device.Part("other", 2));
        await TinyDevice.TouchAsync(whole, other); // whole would be the first to leave
        await TinyDevice.TouchAsync(device.Part("variant", 6, below: whole, own: 2));
        Assert.Equal((true, false, 8), (whole.IsResident, other.IsResident, device.Memory.UsedBytes));
        Assert.Equal(["whole", "other", "variant"], device.Opened);
    }

    [Fact]
    public async Task A_held_part_keeps_what_it_shares_and_who_needs_the_room_waits()
    {
        using var device = new TinyDevice(budget: 8);
        var whole = device.Part("whole", 6);
        var variant = device.Part("variant", 6, below: whole, own: 2);
        var lease = await variant.HoldAsync(Cancellation);
        var waits = device.Part("other", 3).HoldAsync(Cancellation).AsTask();
        Assert.Equal((1, true), (device.Memory.Waiting, whole.IsResident));
        Assert.Equal([.. Enumerable.Repeat(0.5f, 12)], TinyDevice.Run(variant, 0.5f));
        var late = device.Part("late", 6, below: whole, own: 1).HoldAsync(Cancellation).AsTask(); // would keep it for ever
        Assert.False(late.IsCompleted);
        lease.Dispose();
        (await waits).Dispose();
        (await late).Dispose();
        Assert.InRange(device.Memory.UsedBytes, 7, 8);
    }

    [Fact]
    public async Task Both_together_larger_than_the_device_are_refused()
    {
        using var device = new TinyDevice(budget: 10);
        var variant = device.Part("variant", 6, below: device.Part("whole", 6), own: 5);
        var error = await Assert.ThrowsAsync<GraphException>(() => variant.HoldAsync(Cancellation).AsTask());
        Assert.Equal((GraphFault.OverBudget, "variant has 11 bytes of weights, which is more than the device's budget of 10 bytes"),
            (error.Fault, error.Message));
        Assert.Equal(0, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task One_whose_base_cannot_be_opened_fails_with_it_and_gives_its_room_back()
    {
        using var device = new TinyDevice(budget: 10);
        int tries = 0;
        var whole = device.Part("whole", 6, before: () =>
        {
            if (tries++ == 0) throw new GraphException("no luck");
        });
        var variant = device.Part("variant", 6, below: whole, own: 2);
        Assert.Equal("no luck", (await Assert.ThrowsAsync<GraphException>(() => variant.HoldAsync(Cancellation).AsTask())).Message);
        Assert.Equal(0, device.Memory.UsedBytes);
        await TinyDevice.TouchAsync(variant);
        Assert.Equal(8, device.Memory.UsedBytes);
    }

    [Fact]
    public async Task Traffic_over_more_than_fits_never_passes_the_budget_and_leaves_nobody_behind()
    {
        using var device = new TinyDevice(budget: 9);
        var wholes = Enumerable.Range(0, 3).Select(i => device.Part($"{i}", 3 + i)).ToArray();
        var variants = wholes.SelectMany((whole, i) => Enumerable.Range(1, 2).Select(j => device.Part($"{i}.{j}", 5, below: whole, own: j)));
        var parts = wholes.Concat(variants).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (int round = 0; round < 40; round++)
            {
                var part = parts[random.Next(parts.Length)];
                using var lease = await part.HoldAsync(Cancellation);
                Assert.Equal(0.5f, TinyDevice.Run(part, 0.5f)[0]);
                Assert.True(part.Base?.IsResident != false);
                Assert.InRange(device.Memory.UsedBytes, 1, 9);
            }
        }, Cancellation)));
        Assert.Equal(0, device.Memory.Waiting);
        Assert.Equal(parts.Where(part => part.IsResident).Sum(part => part.OwnBytes), device.Memory.UsedBytes);
    }
}

using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Models that an operator brings in and has leave.</summary>
public sealed class UnloadTests : IDisposable
{
    private static readonly string Id = PackModels.Ids[0];

    private readonly PackModels models = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task All_parts_come_in_leave_and_come_in_again()
    {
        using var pool = models.Pool(new DeviceSpec { Threads = 1 });
        var device = pool.Devices[0];
        Assert.False(pool.StatusOf(Id).IsUnloaded);
        for (int i = 0; i < 2; i++)
        {
            await pool.HoldAsync(Id, 0, Cancellation);
            await pool.HoldAsync(Id, 0, Cancellation);
            Assert.Equal((ModelState.Ready, models.BytesOf(Id)), (pool.StatusOf(Id).State, pool.StatusOf(Id).ResidentBytes));
            Assert.Equal(models.BytesOf(Id), device.UsedBytes);
            Assert.All(device.Parts, part => Assert.Equal((Id, false), (part.Owner, part.IsHeld)));

            Assert.False(pool.Unload(Id));
            Assert.False(pool.Unload(Id));
            Assert.Equal((ModelState.Cold, true, 0L), (pool.StatusOf(Id).State, pool.StatusOf(Id).IsUnloaded, device.UsedBytes));
            Assert.Empty(device.Parts);
        }
        await PackModels.PictureAsync(await pool.GetAsync(Id), Cancellation);
        Assert.Equal((ModelState.Ready, false), (pool.StatusOf(Id).State, pool.StatusOf(Id).IsUnloaded));
    }

    [Fact]
    public async Task Who_works_with_it_keeps_it_and_the_next_gets_another()
    {
        using var pool = models.Pool(new DeviceSpec { Threads = 1 });
        float[] before, after;
        using (var use = pool.Use(Id, 0))
        {
            var old = await use.Loaded;
            before = await PackModels.PictureAsync(old, Cancellation);
            Assert.True(pool.Unload(Id));
            Assert.Equal(ModelState.Cold, pool.StatusOf(Id).State);
            Assert.Equal(before, await PackModels.PictureAsync(old, Cancellation));
            var fresh = await pool.GetAsync(Id);
            Assert.NotSame(old, fresh);
            after = await PackModels.PictureAsync(fresh, Cancellation);
        }
        Assert.Equal(before, after);
        Assert.Equal(pool.StatusOf(Id).ResidentBytes, pool.Devices[0].UsedBytes);
    }

    [Fact]
    public async Task Others_leave_for_it_and_what_cannot_be_there_together_is_refused()
    {
        long two = models.BytesOf(PackModels.Ids[1]) + models.BytesOf(Id) - 1;
        using (var pool = models.Pool(new DeviceSpec { Threads = 1, BudgetBytes = two }))
        {
            await pool.HoldAsync(PackModels.Ids[1], 0, Cancellation);
            await pool.HoldAsync(Id, 0, Cancellation);
            Assert.Equal(models.BytesOf(Id), pool.StatusOf(Id).ResidentBytes);
            Assert.True(pool.StatusOf(PackModels.Ids[1]).ResidentBytes < models.BytesOf(PackModels.Ids[1]));
        }
        using var small = models.Pool(new DeviceSpec { Threads = 1, BudgetBytes = models.BytesOf(Id) - 1 });
        var refusal = await Assert.ThrowsAsync<GraphException>(() => small.HoldAsync(Id, 0, Cancellation));
        Assert.Equal(GraphFault.OverBudget, refusal.Fault);
        Assert.Contains($"{models.BytesOf(Id)}", refusal.Message);
        await Assert.ThrowsAsync<GraphException>(() => small.HoldAsync("none", 0, Cancellation));
    }

    [Fact]
    public async Task One_that_leaves_while_it_is_loaded_is_let_go_when_it_is_there()
    {
        using var pool = models.Pool(new DeviceSpec { Threads = 1 });
        var load = pool.GetAsync(Id);
        pool.Unload(Id);
        await load;
        for (int i = 0; i < 100 && pool.Devices[0].UsedBytes > 0; i++) await Task.Delay(20, Cancellation);
        Assert.Equal((0L, ModelState.Cold), (pool.Devices[0].UsedBytes, pool.StatusOf(Id).State));
    }
}

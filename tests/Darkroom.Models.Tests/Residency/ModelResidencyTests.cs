using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Whole models on devices that are too small for all of them.</summary>
public sealed class ModelResidencyTests : IDisposable
{
    private readonly PackModels models = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Three_models_in_the_memory_of_two_give_the_pictures_that_each_gives_alone()
    {
        var alone = new Dictionary<string, float[]>();
        using (var roomy = models.Pool(new DeviceSpec { Threads = 1 }))
            foreach (string id in PackModels.Ids)
                alone[id] = await PackModels.PictureAsync(await roomy.GetAsync(id), Cancellation);

        long budget = PackModels.Ids.Select(models.BytesOf).Order().Skip(1).Sum();
        using var pool = models.Pool(new DeviceSpec { Threads = 1, BudgetBytes = budget });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (int round = 0; round < 5; round++)
            {
                string id = PackModels.Ids[(worker + round) % 3];
                Assert.Equal(alone[id], await PackModels.PictureAsync(await pool.GetAsync(id), Cancellation));
                Assert.InRange(pool.Devices[0].UsedBytes, 1, budget);
            }
        }, Cancellation)));
        Assert.True(pool.Devices[0].Evicted > 0);
        Assert.Equal(0, pool.Devices[0].Waiting);
        Assert.Equal(pool.Devices[0].UsedBytes, PackModels.Ids.Sum(id => pool.StatusOf(id).ResidentBytes));
        Assert.All(PackModels.Ids, id => Assert.Equal(ModelState.Ready, pool.StatusOf(id).State));
    }

    [Fact]
    public async Task A_model_is_described_on_a_device_that_has_room_for_its_largest_part_alone()
    {
        long denoiser = models.BytesOf("a", "unet");
        using var pool = models.Pool(new DeviceSpec { Threads = 1, BudgetBytes = denoiser });
        var model = await pool.GetAsync("a");
        Assert.Equal((true, "float"), (model.Description.Capabilities.TimestepPerRow, model.Description.Capabilities.Precision));
        Assert.Equal(model.Description.Parts.Select(part => (part.Name, part.Bytes)), model.Parts.Select(part => (part.Name, part.Bytes)));
        await PackModels.PictureAsync(model, Cancellation);
        Assert.Equal((true, false), (model.Decoder.IsResident, model.Denoiser.IsResident));
        Assert.Equal(pool.Devices[0].UsedBytes, pool.StatusOf("a").ResidentBytes);
    }

    [Fact]
    public async Task A_part_larger_than_the_device_fails_the_model_and_names_the_part()
    {
        long denoiser = models.BytesOf("a", "unet");
        using var pool = models.Pool(new DeviceSpec { BudgetBytes = denoiser - 1 });
        Assert.Equal(GraphFault.OverBudget, (await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("a"))).Fault);
        Assert.Equal(ModelState.Failed, pool.StatusOf("a").State);
        Assert.Equal($"a/unet has {denoiser} bytes of weights, which is more than the device's budget of {denoiser - 1} bytes", pool.StatusOf("a").Reason);
        Assert.Equal(0, pool.Devices[0].UsedBytes);
    }

    [Fact]
    public async Task Two_devices_have_each_their_own_parts_and_the_same_pictures()
    {
        using var pool = models.Pool(new DeviceSpec { Threads = 1 }, new DeviceSpec { Threads = 1, BudgetBytes = models.BytesOf("a", "unet") });
        var (first, second) = (await pool.GetAsync("a"), await pool.GetAsync("a", 1));
        Assert.NotSame(first, second);
        Assert.Same(second, await pool.GetAsync("a", 1));
        var pictures = await Task.WhenAll(new[]
            { first, second, first, second }.Select(model => Task.Run(() => PackModels.PictureAsync(model, Cancellation), Cancellation)));
        Assert.All(pictures, picture => Assert.Equal(pictures[0], picture));
        Assert.Equal((0, true), (pool.Devices[0].Evicted, pool.Devices[1].Evicted > 0));
        Assert.Equal(models.BytesOf("a"), pool.Devices[0].UsedBytes);
        Assert.Equal(pool.Devices[0].UsedBytes + pool.Devices[1].UsedBytes, pool.StatusOf("a").ResidentBytes);
    }

    [Fact]
    public async Task Narrow_calls_side_by_side_give_the_bits_of_wide_ones()
    {
        using var pool = models.Pool(new DeviceSpec { Threads = 2 });
        using var starter = await ModelFamilies.Create(0)[0].LoadAsync(TestModel.Starter, ModelFolder.Read(TestModel.Starter), "starter", pool.Devices[0]);
        foreach (var model in (await Task.WhenAll(PackModels.Ids.Select(id => pool.GetAsync(id)))).Append(starter))
        {
            float[] wide = await PackModels.PictureAsync(model, Cancellation);
            foreach (var part in (IModelPart[])[model.TextEncoders[0], model.Denoiser, model.Decoder])
            {
                Assert.False(part.NarrowIsReady);
                do
                {
                    part.PrepareNarrow();
                    await Task.Yield();
                }
                while (!part.NarrowIsReady);
            }
            var narrow = await Task.WhenAll(Enumerable.Range(0, 3)
                .Select(_ => Task.Run(() => PackModels.PictureAsync(model, Cancellation, RunWidth.Narrow), Cancellation)));
            Assert.All(narrow, picture => Assert.Equal(wide, picture));
        }
    }

    [Fact]
    public async Task A_hundred_loads_and_unloads_under_traffic_leave_the_books_balanced()
    {
        // Room for the largest part and little else: nearly every hold opens its part.
        long budget = PackModels.Ids.Max(id => models.BytesOf(id, "unet"));
        using var pool = models.Pool(new DeviceSpec { Threads = 1, BudgetBytes = budget });
        var device = pool.Devices[0];
        await Task.WhenAll(Enumerable.Range(0, 3).Select(worker => Task.Run(async () =>
        {
            for (int round = 0; device.Evicted < 100; round++)
                await PackModels.PictureAsync(await pool.GetAsync(PackModels.Ids[(worker + round) % 3]), Cancellation);
        }, Cancellation)));
        int resident = 0;
        foreach (string id in PackModels.Ids)
        {
            var model = await pool.GetAsync(id);
            resident += model.Parts.Count(part => part.IsResident);
        }
        Assert.Equal(device.Opened, device.Evicted + resident);
        Assert.Equal(device.UsedBytes, PackModels.Ids.Sum(id => pool.StatusOf(id).ResidentBytes));
        pool.Dispose();
        Assert.Equal((0, 0), (device.UsedBytes, device.Waiting));
    }

    [Fact]
    public async Task An_upscaler_makes_room_for_a_model_and_comes_back()
    {
        using var folder = new Upscaling.UpscalersFolder().Write("tiny.onnx", new Upscaling.TinyGraph());
        var upscalers = folder.Read();
        using var pool = models.Pool(new DeviceSpec { Threads = 1, BudgetBytes = models.BytesOf("a") });
        using var upscaling = new Models.Upscaling.UpscalerPool(upscalers, new ModelHash(), pool.Devices);
        var upscaler = await upscaling.GetAsync("tiny");
        Assert.Equal((true, upscalers.Find("tiny")!.Bytes), (upscaler.IsResident, upscaling.StatusOf("tiny").ResidentBytes));
        var model = await pool.GetAsync("a");
        Assert.Equal((false, 0), (upscaler.IsResident, upscaling.StatusOf("tiny").ResidentBytes));
        float[] answer = new float[12];
        upscaler.RunTiles(1, 1, [new Models.Upscaling.TileBuffers(new[] { 0.1f, 0.2f, 0.3f }, answer)]);
        Assert.Equal([0.1f, 0.1f, 0.1f, 0.1f, 0.2f, 0.2f, 0.2f, 0.2f, 0.3f, 0.3f, 0.3f, 0.3f], answer);
        Assert.False(model.Parts.All(part => part.IsResident));
    }
}

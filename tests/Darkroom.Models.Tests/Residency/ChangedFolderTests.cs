using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Tests.Graphs;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Model folders that are changed while they are used: hash, description and sessions are of the same files.</summary>
public sealed class ChangedFolderTests : IDisposable
{
    private readonly TestModel folder = TestModel.Sd15();
    private readonly HandTime time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Who_works_with_the_old_weights_ends_with_them_and_the_next_gets_the_new_ones_with_their_hash()
    {
        using var pool = Pool();
        float[] before, after;
        using (var use = pool.Use("model", 0))
        {
            var old = await use.Loaded;
            before = await PackModels.PictureAsync(old, Cancellation);
            Change();
            var fresh = await pool.GetAsync("model");
            Assert.NotEqual(old.ContentHash, fresh.ContentHash);
            Assert.Equal((new ModelHash().Of(folder.Path), fresh.ContentHash), (fresh.ContentHash, pool.StatusOf("model").ContentHash));
            Assert.Equal("changed", fresh.Description.Title);
            after = await PackModels.PictureAsync(fresh, Cancellation);
            Assert.NotEqual(before, after);
            Assert.Equal(before, await PackModels.PictureAsync(old, Cancellation));
        }
        // The old one is gone with its last use.
        Assert.Equal(pool.StatusOf("model").ResidentBytes, pool.Devices[0].UsedBytes);
        Assert.Equal(after, await PackModels.PictureAsync(await pool.GetAsync("model"), Cancellation));
    }

    [Fact]
    public async Task Part_that_left_memory_is_not_opened_from_a_changed_file()
    {
        using var pool = Pool(new DeviceSpec { Threads = 1, BudgetBytes = folder.Read().Parts.Max(part => part.Bytes) + 1000 });
        using var use = pool.Use("model", 0);
        var old = await use.Loaded;
        using (await old.Decoder.HoldAsync(Cancellation)) Assert.False(old.Denoiser.IsResident);
        Change();
        var refusal = await Assert.ThrowsAsync<GraphException>(async () => await old.Denoiser.HoldAsync(Cancellation));
        Assert.Equal(("model/unet was changed on disk after the model was loaded", GraphFault.Unavailable), (refusal.Message, refusal.Fault));
        await PackModels.PictureAsync(await pool.GetAsync("model"), Cancellation);
    }

    [Fact]
    public async Task Session_that_nothing_is_known_against_is_kept_where_there_would_be_no_other()
    {
        using var pool = Pool();
        var model = await pool.GetAsync("model");
        float[] before = await PackModels.PictureAsync(model, Cancellation);
        File.Move(folder.File("unet/model.onnx"), folder.File("unet/away"));
        model.Denoiser.Invalidate();
        await Assert.ThrowsAsync<GraphException>(model.Denoiser.RebuildAsync);
        Assert.True(model.Denoiser.IsResident);
        Assert.Equal(before, await PackModels.PictureAsync(model, Cancellation));
    }

    [Fact]
    public async Task Upscaler_whose_file_is_changed_is_opened_again_with_its_own_hash()
    {
        using var upscalers = new Upscaling.UpscalersFolder().Write("tiny.onnx", new Upscaling.TinyGraph());
        using var pool = new Models.Upscaling.UpscalerPool(upscalers.Read(), new ModelHash(), [new(new())], time);
        using var use = pool.Use("tiny", 0);
        var old = await use.Loaded;
        upscalers.Write("tiny.onnx", new Upscaling.TinyGraph { Scale = 3 });
        File.SetLastWriteTimeUtc(Path.Combine(upscalers.Path, "upscalers", "tiny.onnx"), DateTime.UtcNow.AddHours(1));
        time.Move(1);
        var fresh = await pool.GetAsync("tiny");
        Assert.Equal((2, 3), (old.Traits.Scale, fresh.Traits.Scale));
        Assert.NotEqual(old.ContentHash, fresh.ContentHash);
        old.RunTiles(1, 1, [new Models.Upscaling.TileBuffers(new float[3], new float[12])]);
    }

    /// <summary>Other weights, another title.</summary>
    private void Change()
    {
        SpoiltGraph.Add(folder.File("unet/model.onnx"), "out_sample", 0.25f);
        folder.Write("darkroom.json", """{ "title": "changed" }""");
        time.Move(1);
    }

    private ModelPool Pool(DeviceSpec? spec = null) => new(
        new ModelCatalog(Path.GetDirectoryName(folder.Path)!), new ModelHash(), ModelFamilies.Create(0), [new DeviceMemory(spec ?? new() { Threads = 1 })],
        null, time);
}

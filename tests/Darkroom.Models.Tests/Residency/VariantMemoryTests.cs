using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.Residency;

/// <summary>What a model with LoRAs merged in takes of a device's memory beside the model itself.</summary>
public sealed class VariantMemoryTests
{
    private static readonly string Lora = Path.Combine(TestModel.SourceOf("sd15-tiny", "lora"), "kohya.safetensors");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Variant_of_weights_takes_what_its_loras_change_and_outlives_the_models_own_session()
    {
        float[] alone;
        using (var roomy = await LoadAsync("diffusers", new DeviceSpec { Threads = 1 }))
        using (var variant = roomy.With([Choice()]))
            alone = await PackModels.PictureAsync(variant.Model, Cancellation);

        var memory = new DeviceMemory(new DeviceSpec { Threads = 1 });
        using var model = await LoadAsync("diffusers", memory);
        long before = memory.UsedBytes;
        using var own = model.With([Choice()]);
        var denoiser = (DenoiserPart)own.Model.Denoiser;
        Assert.Equal(model.Denoiser.Bytes, denoiser.Bytes);
        Assert.InRange(denoiser.OwnBytes, denoiser.Bytes / 10, denoiser.Bytes - 1);
        Assert.Equal(alone, await PackModels.PictureAsync(own.Model, Cancellation));
        Assert.Equal(before + denoiser.OwnBytes + ((TextEncoderPart)own.Model.TextEncoders[0]).OwnBytes, memory.UsedBytes);
        using (await denoiser.HoldAsync(Cancellation))
        {
            memory.EvictIdle(long.MaxValue);
            Assert.Equal((true, true, false), (model.Denoiser.IsResident, denoiser.IsResident, model.Decoder.IsResident));
            // The model's session is opened in place of one that is not to be trusted: the variant's memory stays where it is.
            model.Denoiser.Invalidate();
            await model.Denoiser.RebuildAsync();
        }
        Assert.Equal(alone, await PackModels.PictureAsync(own.Model, Cancellation));
        memory.EvictIdle(long.MaxValue);
        Assert.Equal((0, false), (memory.UsedBytes, model.Denoiser.IsResident));
        Assert.Equal(alone, await PackModels.PictureAsync(own.Model, Cancellation));
    }

    [Fact]
    public async Task Second_session_of_a_part_of_weights_takes_no_memory_for_them()
    {
        var memory = new DeviceMemory(new DeviceSpec { Threads = 2, NarrowLimitBytes = long.MaxValue });
        using var model = await LoadAsync("diffusers", memory);
        long before = memory.UsedBytes;
        float[] wide = await PackModels.PictureAsync(model, Cancellation);
        foreach (var part in model.Parts) part.PrepareNarrow();
        while (!model.Parts.All(part => part.NarrowIsReady)) await Task.Delay(10, Cancellation);
        Assert.Equal(before, memory.UsedBytes);
        float[] narrow = await PackModels.PictureAsync(model, Cancellation, RunWidth.Narrow);
        for (int i = 0; i < wide.Length; i++) Assert.Equal(wide[i], narrow[i], 1e-4f);
    }

    [Fact]
    public async Task Variant_of_an_exported_graph_has_all_of_its_weights_to_itself()
    {
        var memory = new DeviceMemory(new DeviceSpec { Threads = 1 });
        using var model = await LoadAsync("onnx", memory);
        long before = memory.UsedBytes;
        using var own = model.With([Choice()]);
        await PackModels.PictureAsync(own.Model, Cancellation);
        Assert.Equal(before + own.Model.Denoiser.Bytes + own.Model.TextEncoders[0].Bytes, memory.UsedBytes);
    }

    private static LoraChoice Choice() => new("kohya", Lora, Lora, 1, 1);

    private static Task<IDiffusionModel> LoadAsync(string layout, DeviceSpec spec) => LoadAsync(layout, new DeviceMemory(spec));

    private static Task<IDiffusionModel> LoadAsync(string layout, DeviceMemory memory)
    {
        string path = TestModel.SourceOf("sd15-tiny", layout);
        var description = ModelFolder.Read(path);
        return ModelFamilies.Create(0).First(family => family.Name == description.Family).LoadAsync(path, description, layout, memory);
    }
}

using System.Text.Json;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// Whole tasks with a LoRA merged in, against diffusers: kohya's names (SGM's for SDXL) and diffusers', linear layers, convolutions and text encoders.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class LoraConformance : IDisposable
{
    private readonly PackModels files = new();

    [Theory]
    [InlineData("sd15-tiny", PackModels.Weights)]
    [InlineData("sd15-tiny", PackModels.OneFile)]
    [InlineData("sd15-tiny", PackModels.Graphs)]
    [InlineData("sd15-tiny", "onnx-old")]
    [InlineData("sdxl-tiny", PackModels.Weights)]
    [InlineData("sdxl-tiny", PackModels.OneFile)]
    [InlineData("sdxl-tiny", PackModels.Graphs)]
    public async Task Pictures_with_a_lora_are_diffusers(string family, string layout)
    {
        using var whole = ModelFolder.Load(files.PathOf(family, layout)!, new());
        int found = 0;
        foreach (var (name, json) in Cases(family))
        {
            found++;
            using var measure = new Measure($"pipelines/{family}/{layout}/lora", name);
            using var variant = whole.With(LorasOf(family, json));
            await OpenAsync(variant.Model);
            measure.Equal("layers left out", 0, variant.Model.Warnings.Count);
            var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
            var driver = new RowDriver(variant.Model);
            Add(driver, family, json, variant.Model);
            driver.Run(
                before: call =>
                {
                    if (call == 0) PipelineConformance.CompareFirstCall(measure, json, golden, family, driver);
                },
                after: call =>
                {
                    if (golden.Has($"latents_after_{call}"))
                        measure.Close($"latents after call {call}", golden[$"latents_after_{call}"][0], driver.Rows[0].Latents, 5e-5);
                });
            Compare(measure, family, json, driver, 0);
        }
        Assert.Equal(4, found);
    }

    [Theory]
    [InlineData("sd15-tiny", PackModels.Weights)]
    [InlineData("sd15-tiny", PackModels.Graphs)]
    [InlineData("sdxl-tiny", PackModels.Weights)]
    [InlineData("sdxl-tiny", PackModels.Graphs)]
    public async Task Rows_with_and_without_loras_give_each_its_golden_picture(string family, string layout)
    {
        using var whole = ModelFolder.Load(files.PathOf(family, layout)!, new());
        using var measure = new Measure($"pipelines/{family}/{layout}/lora", "mixed rows");
        var plain = ConformancePack.CaseNames("pipelines", family, "cases").Select(name => ConformancePack.Json("pipelines", family, "cases", name + ".json"))
            .First(json => PipelineConformance.IsCovered(json) && json.GetProperty("pictures").GetArrayLength() == 1
                && !json.GetProperty("given").EnumerateObject().Any());
        JsonElement[] cases = [.. Cases(family).Select(one => one.Json)];
        // Who asks for the same LoRA as another shares its calls; here steps behind it, so that no other two rows could.
        JsonElement[] all = [plain, .. cases[..3], cases[0], .. cases[3..]];
        var driver = new RowDriver(whole);
        var variants = new List<ModelVariant>();
        foreach (var json in all)
        {
            var model = whole;
            if (json.TryGetProperty("lora", out _))
            {
                variants.Add(whole.With(LorasOf(family, json)));
                await OpenAsync(model = variants[^1].Model);
            }
            Add(driver, family, json, model);
        }
        Assert.Same(variants[0].Model, variants[3].Model);
        Assert.Equal(4, variants.Select(variant => variant.Model).Distinct().Count());
        Assert.All(variants, variant => Assert.Same(whole.Decoder, variant.Model.Decoder));
        measure.Equal("equal variants shared calls", true, driver.RunMixed((_, _) => { }) > 0);
        for (int row = 0; row < all.Length; row++) Compare(measure, family, all[row], driver, row);
        foreach (var variant in variants) variant.Dispose();
    }

    /// <summary>The driver waits for no part.</summary>
    internal static async Task OpenAsync(IDiffusionModel model)
    {
        foreach (var part in model.Parts)
            using (await part.HoldAsync(CancellationToken.None)) { }
    }

    internal static IEnumerable<(string Name, JsonElement Json)> Cases(string family) => ConformancePack.CaseNames("pipelines", family, "cases")
        .Select(name => (Name: name, Json: ConformancePack.Json("pipelines", family, "cases", name + ".json")))
        .Where(one => one.Json.GetProperty("task").GetString() == "lora");

    internal static IReadOnlyList<LoraChoice> LorasOf(string family, JsonElement json) => [.. json.GetProperty("lora").EnumerateArray().Select(lora =>
    {
        string path = ConformancePack.PathOf("pipelines", family, "lora", Path.GetFileName(lora.GetProperty("file").GetString()!));
        double scale = lora.GetProperty("scale").GetDouble();
        return new LoraChoice(Path.GetFileNameWithoutExtension(path), path, path, scale, scale);
    })];

    internal static void Add(RowDriver driver, string family, JsonElement json, IDiffusionModel model)
    {
        var request = PipelineConformance.RequestOf(json.GetProperty("arguments"), 0, 1);
        var sampler = PipelineConformance.SamplerOf(family, json, model.Description, request);
        driver.Add(request, sampler, PackNoise.ForRows(json, 1, sampler)[0], model: model);
    }

    internal static void Compare(Measure measure, string family, JsonElement json, RowDriver driver, int row)
    {
        string file = json.GetProperty("pictures")[0].GetString()!;
        PixelComparison.Check(measure, file, File.ReadAllBytes(ConformancePack.PathOf("pipelines", family, "cases", file)), driver.Rows[row].Painted!);
    }

    public void Dispose() => files.Dispose();
}

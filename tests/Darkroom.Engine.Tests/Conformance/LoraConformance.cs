using System.Text.Json;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>Whole tasks with a LoRA merged in, against diffusers: kohya's names (SGM's for SDXL) and diffusers', linear layers, convolutions and text encoders.</summary>
[Trait("Category", "Conformance")]
public sealed class LoraConformance : IDisposable
{
    private readonly PackModels files = new();

    [Theory]
    [InlineData("sd15-tiny", PackModels.Weights)]
    [InlineData("sd15-tiny", PackModels.OneFile)]
    [InlineData("sdxl-tiny", PackModels.Weights)]
    [InlineData("sdxl-tiny", PackModels.OneFile)]
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

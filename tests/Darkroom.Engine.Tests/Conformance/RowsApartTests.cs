using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>A row of any family gives the same picture alone and beside others: of its own model at other steps, and of other families' jobs.</summary>
public sealed class RowsApartTests : IDisposable
{
    private readonly Dictionary<string, IDiffusionModel> models = [];

    public void Dispose()
    {
        foreach (var model in models.Values) model.Dispose();
    }

    [Theory]
    [InlineData("sd15-tiny", "sdxl-tiny")]
    [InlineData("lcm-tiny", "sd15-tiny")]
    [InlineData("sd3-tiny", "lcm-tiny")]
    [InlineData("flux-tiny", "sd3-tiny")]
    [InlineData("dit-tiny", "sd15-tiny")]
    [InlineData("ddpm-tiny", "dit-tiny")]
    public void Row_gives_the_same_picture_alone_and_beside_others(string family, string other)
    {
        if (!ConformancePack.Has("pipelines", family, "onnx", "model_index.json")) return;
        IDiffusionModel model = ModelOf(family), stranger = ModelOf(other);
        GenerationRequest[] requests =
            [RequestOf(family, model, "a red fox", 4, 42), RequestOf(family, model, "a green hill", 6, 7), RequestOf(family, model, "", 4, 9)];
        var alone = requests.Select(request =>
        {
            var single = new RowDriver(model);
            Add(single, model, request);
            single.RunMixed((_, _) => { });
            return single.Rows[0];
        }).ToArray();

        var driver = new RowDriver(model);
        foreach (var request in requests)
        {
            Add(driver, model, request);
            Add(driver, stranger, RequestOf(other, stranger, "city at night", 4, request.Seed));
        }
        Assert.True(driver.RunMixed((_, _) => { }) > 0, "no call was shared by rows of different steps");
        using var measure = new Measure("rows apart", family);
        for (int i = 0; i < requests.Length; i++)
        {
            measure.Close($"latents of row {i}", alone[i].Latents, driver.Rows[2 * i].Latents, 1e-5);
            measure.Close($"pixels of row {i}", alone[i].Painted!.Values, driver.Rows[2 * i].Painted!.Values, 1e-5);
        }
    }

    private IDiffusionModel ModelOf(string family) => models.TryGetValue(family, out var model)
        ? model
        : models[family] = ModelFolder.Load(ConformancePack.PathOf("pipelines", family, "onnx"), new SessionSettings());

    private static void Add(RowDriver driver, IDiffusionModel model, GenerationRequest request)
    {
        var start = SamplerFactory.Start(Prepare.ChoiceOf(request, model.Description, request.Width, request.Height));
        driver.Add(request, start.Sampler, new RowNoise(new TorchCpuGenerator((ulong)request.Seed), null), model: model);
    }

    private static GenerationRequest RequestOf(string id, IDiffusionModel model, string prompt, int steps, long seed)
    {
        ModelDescription description = model.Description;
        return Requests.Plain with
        {
            Model = id,
            Prompt = prompt,
            Sampler = null,
            Steps = steps,
            Seed = seed,
            GuidanceScale = 4,
            ClassLabel = description.Classes is null ? null : (int)(seed % 10),
            EmbedsGuidance = description.Capabilities.EmbedsGuidance,
            Width = 64,
            Height = 64,
        };
    }
}

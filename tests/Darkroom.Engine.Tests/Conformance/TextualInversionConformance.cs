using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>
/// Whole tasks whose prompt names a textual inversion, against diffusers: one vector and three, one text encoder and two, exported graphs and written ones.
/// </summary>
[Trait("Category", "Conformance")]
public sealed class TextualInversionConformance : IDisposable
{
    private readonly PackModels files = new();
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-inversions-").FullName;

    public static TheoryData<string, string> Models => new(
        from family in (string[])["sd15-tiny", "sdxl-tiny"]
        from layout in (string[])[PackModels.Graphs, PackModels.Weights, PackModels.OneFile]
        select (family, layout));

    [Theory]
    [MemberData(nameof(Models))]
    public void Pictures_with_a_textual_inversion_are_diffusers(string family, string layout)
    {
        using var model = ModelFolder.Load(files.PathOf(family, layout)!, new());
        Assert.True(model.Description.Capabilities.Embeddings, model.Description.Capabilities.EmbeddingsReason);
        var embeddings = Embeddings(family);
        int found = 0;
        foreach (var (name, json) in Cases(family))
        {
            foreach (var style in Enum.GetValues<PromptStyle>())
            {
                found++;
                using var measure = new Measure($"pipelines/{family}/{layout}/textual-inversion/{style}", name);
                var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
                var driver = new RowDriver(model);
                Add(driver, family, json, model, embeddings, style);
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
                LoraConformance.Compare(measure, family, json, driver, 0);
            }
        }
        Assert.Equal(2 * Enum.GetValues<PromptStyle>().Length, found);
    }

    /// <summary>Texts with and without vectors share calls of their encoder, and each has its own picture.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Rows_with_and_without_inversions_give_each_its_golden_picture(string family, string layout)
    {
        using var model = ModelFolder.Load(files.PathOf(family, layout)!, new());
        using var measure = new Measure($"pipelines/{family}/{layout}/textual-inversion", "mixed rows");
        var plain = ConformancePack.CaseNames("pipelines", family, "cases").Select(name => ConformancePack.Json("pipelines", family, "cases", name + ".json"))
            .First(json => PipelineConformance.IsCovered(json) && json.GetProperty("pictures").GetArrayLength() == 1
                && !json.GetProperty("given").EnumerateObject().Any());
        JsonElement[] all = [plain, .. Cases(family).Select(one => one.Json)];
        var driver = new RowDriver(model);
        foreach (var json in all) Add(driver, family, json, model, Embeddings(family), PromptStyle.Plain);
        driver.RunMixed((_, _) => { });
        for (int row = 0; row < all.Length; row++) LoraConformance.Compare(measure, family, all[row], driver, row);
    }

    public void Dispose()
    {
        files.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void Add(
        RowDriver driver, string family, JsonElement json, IDiffusionModel model, IReadOnlyList<PromptEmbedding> embeddings, PromptStyle style)
    {
        var request = PipelineConformance.RequestOf(json.GetProperty("arguments"), 0, 1) with { PromptStyle = style };
        var sampler = PipelineConformance.SamplerOf(family, json, model.Description, request);
        driver.Add(request, sampler, PackNoise.ForRows(json, 1, sampler)[0], model: model, embeddings: embeddings);
    }

    /// <summary>The family's files, as a server has them.</summary>
    private IReadOnlyList<PromptEmbedding> Embeddings(string family)
    {
        string place = Path.Combine(folder, family, EmbeddingCatalog.FolderName);
        if (!Directory.Exists(place))
        {
            Directory.CreateDirectory(place);
            foreach (string file in Directory.EnumerateFiles(ConformancePack.PathOf("pipelines", family, "embeddings")))
                File.Copy(file, Path.Combine(place, Path.GetFileName(file)));
        }
        var catalog = new EmbeddingCatalog(Path.Combine(folder, family));
        return [.. catalog.All.Select(one => catalog.Load(one.Id, one.Hash))];
    }

    private static IEnumerable<(string Name, JsonElement Json)> Cases(string family) => ConformancePack.CaseNames("pipelines", family, "cases")
        .Select(name => (Name: name, Json: ConformancePack.Json("pipelines", family, "cases", name + ".json")))
        .Where(one => one.Json.GetProperty("task").GetString() == "textual_inversion");
}

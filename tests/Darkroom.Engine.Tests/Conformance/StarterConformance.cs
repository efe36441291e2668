using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>The starter model's own goldens: diffusers' samplers and torch's generator around the very graphs that ship.</summary>
[Trait("Category", "Conformance")]
public sealed class StarterConformance
{
    [Fact]
    public void Every_case_is_met()
    {
        if (!ConformancePack.Has("starter", "index.json")) return; // another pack may have none
        string folder = Path.Combine(Repository.Root, "models", "starter");
        using var model = ModelFolder.Load(folder, new SessionSettings());
        var failures = new List<string>();
        foreach (var json in ConformancePack.Json("starter", "index.json").GetProperty("cases").EnumerateArray())
        {
            try
            {
                Run(model, json);
            }
            catch (ConformanceException e)
            {
                failures.Add(e.Message);
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static void Run(Models.Families.IDiffusionModel model, JsonElement json)
    {
        string name = json.GetProperty("name").GetString()!;
        using var measure = new Measure("pipelines/starter/txt2img", name);
        var golden = ConformancePack.Tensors("starter", name + ".safetensors");
        var request = Requests.Plain with
        {
            Prompt = json.GetProperty("prompt").GetString()!,
            NegativePrompt = json.GetProperty("negative_prompt").GetString()!,
            Width = json.GetProperty("width").GetInt32(),
            Height = json.GetProperty("height").GetInt32(),
            Steps = json.GetProperty("steps").GetInt32(),
            GuidanceScale = json.GetProperty("guidance_scale").GetDouble(),
        };
        var sampler = SamplerFactory.Create(new SamplerChoice
        {
            ModelClass = model.Description.SamplerClass,
            ModelConfig = model.Description.SamplerConfig,
            Sampler = json.GetProperty("sampler").GetString(),
            Steps = request.Steps,
        });
        var driver = new RowDriver(model);
        var row = driver.Add(request, sampler, new RowNoise(new TorchCpuGenerator(json.GetProperty("seed").GetUInt64())));
        driver.Run(_ => measure.Close("embedding", golden["embedding"].Values, row.Lanes[^1].Conditioning!.Tensors[0].Values, 1e-4), _ => { });
        measure.Close("final latents", golden["latents"].Values, row.Latents, 1e-4);
        PixelComparison.Check(measure, name, File.ReadAllBytes(ConformancePack.PathOf("starter", name + ".png")), row.Picture!);
    }
}

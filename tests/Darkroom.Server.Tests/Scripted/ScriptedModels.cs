using Darkroom.Diffusion.Configuration;
using Darkroom.Models.Catalog;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>Models as a test wants them.</summary>
internal sealed class ScriptedModels : IModelDirectory
{
    public Dictionary<string, ModelStatus> States { get; } = [];

    public List<ModelDescription> Models { get; } = [Starter];

    public IReadOnlyList<ModelDescription> All => Models;

    public ModelDescription? Default => Models.FirstOrDefault();

    public ModelDescription? Find(string id) => Models.FirstOrDefault(model => model.Id == id);

    public ModelStatus StatusOf(string id) => States.GetValueOrDefault(id, new(ModelState.Ready, null, Hash));

    public const string Hash = "aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899";

    public static ModelDescription Starter { get; } = new()
    {
        Id = "starter",
        Title = "Starter",
        Family = "stable-diffusion",
        Tasks = ["txt2img", "img2img", "inpaint", "outpaint"],
        Prediction = "v_prediction",
        NativeSize = 64,
        SizeStep = 16,
        MaxSize = 96,
        Created = DateTimeOffset.UnixEpoch.AddDays(20000),
        Defaults = ModelDefaults.Parse("""{ "steps": 20, "guidance_scale": 2.5 }"""),
        SamplerClass = "DDIMScheduler",
        SamplerConfig = new SamplerConfig { PredictionType = "v_prediction" },
        MemoryBytes = 12_345_678,
        Licence = "MIT",
    };
}

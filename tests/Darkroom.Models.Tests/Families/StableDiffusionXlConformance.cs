using System.Text.Json;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Families;

/// <summary>What Stable Diffusion XL's denoiser is given at its first call, and what it gives, against diffusers.</summary>
[Trait("Category", "Conformance")]
public sealed class StableDiffusionXlConformance
{
    private const string Family = "stable-diffusion-xl";

    [Fact]
    public void Every_case_is_met()
    {
        string root = Path.Combine(ConformancePack.Root, "pipelines");
        if (!Directory.Exists(root)) return; // another pack may have none
        var failures = new List<string>();
        foreach (string family in Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        {
            string folder = Path.Combine(root, family, "onnx");
            if (!Directory.Exists(folder) || ModelFolder.Read(folder) is not { Family: Family }) continue;
            using var model = ModelFolder.Load(folder, new SessionSettings());
            foreach (string name in ConformancePack.CaseNames("pipelines", family, "cases"))
            {
                var json = ConformancePack.Json("pipelines", family, "cases", name + ".json");
                if (json.GetProperty("task").GetString() is not ("txt2img" or "img2img" or "inpaint")) continue;
                try
                {
                    Run(model, family, name, json);
                }
                catch (ConformanceException e)
                {
                    failures.Add(e.Message);
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    private static void Run(IDiffusionModel model, string family, string name, JsonElement json)
    {
        using var measure = new Measure($"pipelines/{family}/networks", name);
        var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
        var embeds = ConformancePack.Tensors("pipelines", family, "cases", "embeds.safetensors");
        var keys = json.GetProperty("embeds");
        var (states, pooled) = (embeds[keys.GetProperty("encoder_hidden_states").GetString()!],
            embeds[keys.GetProperty("added_cond_kwargs.text_embeds").GetString()!]);
        var arguments = json.GetProperty("arguments");
        int rows = states.Shape[0], lanes = arguments.GetProperty("guidance_scale").GetDouble() > 1 ? 2 : 1;

        var texts = model.Tokenize([.. TextsOf(arguments)[^lanes..]], TextReading.Plain);
        var sample = golden["denoiser_0.sample"];
        var shape = new LatentShape(sample.Shape[1], sample.Shape[2], sample.Shape[3]);
        for (int lane = 0; lane < lanes; lane++)
        {
            int row = lane * (rows / lanes); // golden rows: all negatives, then all positives
            var text = model.FindConditioning(texts[lane]) ?? model.Encode([texts[lane]])[0];
            var conditioning = model.ForRow(text, ConditionsOf(arguments, shape, lane < lanes - 1, json.GetProperty("task").GetString() != "txt2img"));
            measure.Close($"hidden states of lane {lane}", states[row], conditioning.For("encoder_hidden_states")!.Values, 1e-4);
            measure.Close($"pooled text of lane {lane}", pooled[row], conditioning.For("text_embeds")!.Values, 1e-4);
            measure.Close($"sizes of lane {lane}", golden["denoiser_0.added_cond_kwargs.time_ids"][row], conditioning.For("time_ids")!.Values, 0);
            float[] output = new float[shape.Length];
            model.Denoiser.Run(shape, new[] { new DenoiserRow(sample[row].ToArray(), 1, golden["denoiser_0.timestep"].Values[0], conditioning, output) },
                RunWidth.Wide);
            measure.Close($"answer to lane {lane}", golden["denoiser_0.output"][row], output, 1e-4);
        }
    }

    /// <summary>The negative one first.</summary>
    private static PromptText[] TextsOf(JsonElement arguments) =>
    [
        new PromptText(TextOf(arguments, "negative_prompt")) { Second = TextOf(arguments, "negative_prompt_2") },
        new PromptText(TextOf(arguments, "prompt"))
        {
            Second = TextOf(arguments, "prompt_2"),
            ClipSkip = arguments.TryGetProperty("clip_skip", out var skip) ? skip.GetInt32() : 0,
        },
    ];

    private static string? TextOf(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.Array ? value[0].GetString() : value.GetString() : null;

    private static RowConditions ConditionsOf(JsonElement arguments, LatentShape shape, bool negative, bool hasPicture)
    {
        return new RowConditions
        {
            Width = 8 * shape.Width,
            Height = 8 * shape.Height,
            IsNegative = negative,
            HasPicture = hasPicture,
            OriginalSize = Pair("original_size"),
            TargetSize = Pair("target_size"),
            Crop = Pair("crops_coords_top_left"),
            NegativeOriginalSize = Pair("negative_original_size"),
            NegativeTargetSize = Pair("negative_target_size"),
            NegativeCrop = Pair("negative_crops_coords_top_left"),
        };

        // diffusers has the height, or the top, first.
        (int, int)? Pair(string name) => arguments.TryGetProperty(name, out var pair) && pair.ValueKind == JsonValueKind.Array
            ? (pair[1].GetInt32(), pair[0].GetInt32()) : null;
    }
}

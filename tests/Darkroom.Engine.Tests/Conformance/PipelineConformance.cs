using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Engine.Stages;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Fields;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

/// <summary>Whole txt2img tasks on the pack's small pipelines: embeddings, latents after each stored call, final pixels, against diffusers.</summary>
[Trait("Category", "Conformance")]
public sealed class PipelineConformance : IDisposable
{
    private readonly Dictionary<string, IDiffusionModel> models = [];
    private readonly PackModels files = new();

    /// <summary>The exported graphs, graphs that are written for diffusers' weights, and for those of one file.</summary>
    [Theory]
    [InlineData(PackModels.Graphs)]
    [InlineData(PackModels.Weights)]
    [InlineData(PackModels.OneFile)]
    public void Every_txt2img_case_is_met(string layout)
    {
        var failures = new List<string>();
        foreach (string family in Families(layout))
        {
            foreach (string name in ConformancePack.CaseNames("pipelines", family, "cases"))
            {
                try
                {
                    if (IsCovered(ConformancePack.Json("pipelines", family, "cases", name + ".json"))) Run(family, name, layout);
                }
                catch (Exception e)
                {
                    failures.Add($"{layout}: {e.Message}");
                }
            }
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    /// <summary>What the pack in the repository has; another may have less.</summary>
    [Theory]
    [InlineData(PackModels.Graphs, "ddpm-tiny", "dit-tiny", "flux-tiny", "ip2p-tiny", "lcm-tiny",
        "sd15-inpaint-tiny", "sd15-tiny", "sd21-tiny", "sd3-tiny", "sdxl-tiny")]
    [InlineData(PackModels.Weights, "ddpm-tiny", "dit-tiny", "flux-tiny", "ip2p-tiny", "lcm-tiny",
        "sd15-inpaint-tiny", "sd15-tiny", "sd21-tiny", "sd3-tiny", "sdxl-tiny")]
    [InlineData(PackModels.OneFile, "flux-tiny", "ip2p-tiny", "lcm-tiny", "sd15-inpaint-tiny", "sd15-tiny", "sd21-tiny", "sd3-tiny", "sdxl-tiny")]
    public void Families_of_a_layout_are_compared(string layout, params string[] families)
    {
        if (ConformancePack.IsOwn) Assert.Empty(families.Except(Families(layout)));
    }

    /// <summary>Families of the pack that can be used in a layout.</summary>
    internal static IEnumerable<string> Families(string layout)
    {
        using var files = new PackModels();
        string root = Path.Combine(ConformancePack.Root, "pipelines");
        if (!Directory.Exists(root)) return [];
        return [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)
            .Where(family => files.PathOf(family, layout) is { } path && ModelFolder.Read(path).Fault is null)];
    }

    public void Dispose()
    {
        foreach (var model in models.Values) model.Dispose();
        files.Dispose();
    }

    /// <summary>Text to image of the plain pipeline, without LoRA.</summary>
    internal static bool IsCovered(JsonElement json) =>
        json.GetProperty("task").GetString() is "txt2img" or "class" or "unconditional"
        && json.GetProperty("pipeline").GetString() is "StableDiffusionPipeline" or "StableDiffusionXLPipeline" or "LatentConsistencyModelPipeline"
            or "StableDiffusion3Pipeline" or "FluxPipeline" or "DiTPipeline" or "DDPMPipeline" or "DDIMPipeline"
        && !json.GetProperty("arguments").TryGetProperty("cross_attention_kwargs", out _);

    private void Run(string family, string name, string layout)
    {
        using var measure = new Measure($"pipelines/{family}/{layout}/txt2img", name);
        var json = ConformancePack.Json("pipelines", family, "cases", name + ".json");
        var golden = ConformancePack.Tensors("pipelines", family, "cases", name + ".safetensors");
        var arguments = json.GetProperty("arguments");
        var model = ModelOf(models, files, family, layout);
        int pictures = json.GetProperty("pictures").GetArrayLength();

        var sampler = SamplerOf(family, json, model.Description, RequestOf(arguments, 0, pictures));
        var driver = new RowDriver(model);
        var noises = PackNoise.ForRows(json, pictures, sampler);
        for (int i = 0; i < pictures; i++)
            driver.Add(
                RequestOf(arguments, i, pictures), sampler,
                golden.Has("given.latents") ? new GivenLatents(noises[i], golden["given.latents"][i].ToArray()) : noises[i]);
        if (!json.GetProperty("scheduler").GetProperty("timesteps").EnumerateArray().Select(Measure.Number).SequenceEqual(sampler.Timesteps))
            measure.Numbers("timesteps", Measure.NumberList(json.GetProperty("scheduler").GetProperty("timesteps")), sampler.Timesteps, 0, 2e-3);

        driver.Run(
            before: call =>
            {
                if (call == 0) CompareFirstCall(measure, json, golden, family, driver);
            },
            after: call =>
            {
                if (!golden.Has($"latents_after_{call}")) return;
                for (int i = 0; i < pictures; i++)
                    measure.Close($"latents after call {call}, picture {i}", golden[$"latents_after_{call}"][i], AsGolden(driver.Rows[i], golden), 5e-5);
            });

        for (int i = 0; i < pictures; i++)
        {
            var decoded = driver.Rows[i].Painted!;
            if (i == 0 && golden.Has("decoded"))
                measure.Close("decoded", golden["decoded"][0], decoded.Values, 2e-3, counts: false); // some are stored as float16
            string file = json.GetProperty("pictures")[i].GetString()!;
            PixelComparison.Check(measure, file, File.ReadAllBytes(ConformancePack.PathOf("pipelines", family, "cases", file)), decoded);
        }
    }

    internal static void CompareFirstCall(Measure measure, JsonElement json, TensorFile golden, string family, RowDriver driver)
    {
        var keys = json.GetProperty("embeds");
        if (!keys.TryGetProperty("encoder_hidden_states", out var states))
        {
            CompareFirstAnswer(measure, golden, driver);
            return;
        }
        var all = ConformancePack.Tensors("pipelines", family, "cases", "embeds.safetensors");
        var embeds = all[states.GetString()!];
        string? name = ((string[])["added_cond_kwargs.text_embeds", "pooled_projections"]).FirstOrDefault(one => keys.TryGetProperty(one, out _));
        var pooled = name is null ? null : all[keys.GetProperty(name).GetString()!];
        // Those of transformers are stored as float16.
        double tolerance = name == "pooled_projections" ? 1e-3 : 1e-4;
        int pictures = driver.Rows.Count;
        for (int i = 0; i < pictures; i++)
        {
            var lanes = driver.LanesOf(i);
            // Golden rows: all negatives, then all positives; where the lanes were called one after another, the positives alone.
            int first = lanes.Count * pictures > embeds.Shape[0] ? lanes.Count - 1 : 0;
            for (int lane = first; lane < lanes.Count; lane++)
            {
                var given = lanes[lane].Conditioning!;
                // The lanes of an edit stand the other way round.
                int row = (lanes.Count == 3 ? lanes.Count - 1 - lane : lane - first) * pictures + i;
                measure.Close($"embedding {lane} of picture {i}", embeds[row], given.For("encoder_hidden_states")!.Values, tolerance);
                if (pooled is not null)
                    measure.Close($"pooled text {lane} of picture {i}", pooled[row], given.For(name!.Split('.')[^1])!.Values, tolerance);
                if (golden.Has("denoiser_0.added_cond_kwargs.time_ids"))
                    measure.Close($"sizes {lane} of picture {i}", golden["denoiser_0.added_cond_kwargs.time_ids"][row], given.For("time_ids")!.Values, 0);
                if (golden.Has("denoiser_0.timestep_cond"))
                    measure.Close($"guidance of picture {i}", golden["denoiser_0.timestep_cond"][i], given.For("timestep_cond")!.Values, 1e-4);
                if (golden.Has("denoiser_0.guidance"))
                    measure.Close($"guidance of picture {i}", golden["denoiser_0.guidance"][i], given.For("guidance")!.Values, 1e-6);
                if (golden.Has("denoiser_0.output"))
                    measure.Close(
                        $"first answer, lane {lane} of picture {i}", golden["denoiser_0.output"][row],
                        AsGolden(lanes[lane].Output, driver.Rows[i], golden), 1e-4);
            }
        }
    }

    /// <summary>Of a model that reads no text: the class stands before the lane without one, and a learned variance behind the noise.</summary>
    private static void CompareFirstAnswer(Measure measure, TensorFile golden, RowDriver driver)
    {
        for (int i = 0; i < driver.Rows.Count; i++)
        {
            var lanes = driver.LanesOf(i);
            for (int lane = 0; lane < lanes.Count; lane++)
            {
                int row = (lanes.Count - 1 - lane) * driver.Rows.Count + i;
                if (golden.Has("denoiser_0.class_labels"))
                    measure.Close(
                        $"class {lane} of picture {i}", golden["denoiser_0.class_labels"][row], lanes[lane].Conditioning!.For("class_labels")!.Values, 0);
                measure.Close(
                    $"first answer, lane {lane} of picture {i}", golden["denoiser_0.output"][row][..lanes[lane].Output.Length], lanes[lane].Output, 1e-4);
            }
        }
    }

    internal static IDiffusionModel ModelOf(Dictionary<string, IDiffusionModel> models, PackModels files, string family, string layout)
    {
        if (models.TryGetValue(family, out var model)) return model;
        return models[family] = ModelFolder.Load(files.PathOf(family, layout)!, new SessionSettings());
    }

    /// <summary>Latents as diffusers' callback sees them: FLUX's are packed, patch after patch.</summary>
    internal static float[] AsGolden(RowMemory row, TensorFile golden) => AsGolden(row.Latents, row, golden);

    private static float[] AsGolden(float[] values, RowMemory row, TensorFile golden)
    {
        if (!golden.Has("denoiser_0.img_ids")) return values;
        var (channels, high, wide) = (row.Shape.Channels, row.Shape.Height, row.Shape.Width);
        var packed = new List<float>();
        for (int y = 0; y < high; y += 2)
            for (int x = 0; x < wide; x += 2)
                for (int channel = 0; channel < channels; channel++)
                    foreach (var (down, right) in ((int, int)[])[(0, 0), (0, 1), (1, 0), (1, 1)])
                        packed.Add(values[(channel * high + y + down) * wide + x + right]);
        return [.. packed];
    }

    /// <summary>The sampler that a case names. A flow model's is made of the request, as the engine makes it.</summary>
    internal static ISampler SamplerOf(string family, JsonElement json, ModelDescription model, GenerationRequest request)
    {
        var scheduler = json.GetProperty("scheduler");
        if (SamplerCatalog.IsFlowClass(model.SamplerClass))
        {
            double? shift = scheduler.GetProperty("options").TryGetProperty("shift", out var value) ? value.GetDouble() : null;
            var asked = request with { Sampler = SamplerCatalog.OfClass(scheduler.GetProperty("class").GetString()!)!.Name, Shift = shift };
            return SamplerFactory.Create(Prepare.ChoiceOf(asked, model, request.Width, request.Height));
        }
        var given = ConformancePack.Json("pipelines", family, "onnx", "scheduler", "scheduler_config.json");
        var merged = given.EnumerateObject().Concat(scheduler.GetProperty("options").EnumerateObject())
            .GroupBy(entry => entry.Name).ToDictionary(group => group.Key, group => group.Last().Value);
        return DiffusersSamplers.Create(scheduler.GetProperty("class").GetString()!, SamplerConfig.Read(JsonSerializer.SerializeToElement(merged)),
            new SamplerRun
        {
            Steps = json.GetProperty("arguments").GetProperty("num_inference_steps").GetInt32(),
            Strength = json.GetProperty("pipeline").GetString() == "LatentConsistencyModelImg2ImgPipeline"
                ? json.GetProperty("arguments").GetProperty("strength").GetDouble() : null,
            Eta = json.GetProperty("arguments").TryGetProperty("eta", out var eta) ? eta.GetDouble() : 0,
        });
    }

    internal static GenerationRequest RequestOf(JsonElement arguments, int picture, int pictures) => Requests.Plain with
    {
        Prompt = TextOf(arguments, "prompt", picture, pictures),
        NegativePrompt = arguments.TryGetProperty("negative_prompt", out _) ? TextOf(arguments, "negative_prompt", picture, pictures) : null,
        Prompt2 = arguments.TryGetProperty("prompt_2", out _) ? TextOf(arguments, "prompt_2", picture, pictures) : null,
        NegativePrompt2 = arguments.TryGetProperty("negative_prompt_2", out _) ? TextOf(arguments, "negative_prompt_2", picture, pictures) : null,
        OriginalSize = PairOf(arguments, "original_size"),
        TargetSize = PairOf(arguments, "target_size"),
        Crop = PairOf(arguments, "crops_coords_top_left"),
        NegativeOriginalSize = PairOf(arguments, "negative_original_size"),
        NegativeTargetSize = PairOf(arguments, "negative_target_size"),
        NegativeCrop = PairOf(arguments, "negative_crops_coords_top_left"),
        Width = arguments.TryGetProperty("width", out var width) ? width.GetInt32() : 0,
        Height = arguments.TryGetProperty("height", out var height) ? height.GetInt32() : 0,
        Steps = arguments.GetProperty("num_inference_steps").GetInt32(),
        GuidanceScale = arguments.TryGetProperty("guidance_scale", out var guidance) ? guidance.GetDouble() : 1,
        ImageGuidanceScale = arguments.TryGetProperty("image_guidance_scale", out var pictureScale) ? pictureScale.GetDouble() : null,
        ClassLabel = arguments.TryGetProperty("class_labels", out var labels) ? labels[picture].GetInt32() : null,
        TrueGuidanceScale = arguments.TryGetProperty("true_cfg_scale", out var scale) ? scale.GetDouble() : null,
        MaxTextTokens = arguments.TryGetProperty("max_sequence_length", out var tokens) ? tokens.GetInt32() : null,
        GuidanceRescale = arguments.TryGetProperty("guidance_rescale", out var rescale) ? rescale.GetDouble() : 0,
        ClipSkip = arguments.TryGetProperty("clip_skip", out var skip) && skip.ValueKind == JsonValueKind.Number ? skip.GetInt32() : 0,
    };

    /// <summary>diffusers has the height, or the top, first.</summary>
    private static PixelPair? PairOf(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var pair) && pair.ValueKind == JsonValueKind.Array ? new PixelPair(pair[1].GetInt32(), pair[0].GetInt32()) : null;

    /// <summary>A text, or a list of texts with several pictures each: all of the first, then all of the second.</summary>
    private static string TextOf(JsonElement arguments, string name, int picture, int pictures)
    {
        if (!arguments.TryGetProperty(name, out var value)) return "";
        return value.ValueKind switch
        {
            JsonValueKind.Array => value[picture / (pictures / value.GetArrayLength())].GetString()!,
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
    }
}

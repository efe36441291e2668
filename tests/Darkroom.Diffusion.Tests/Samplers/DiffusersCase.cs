using System.Text.Json;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.Diffusers;
using Darkroom.Diffusion.Tests.Conformance;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Samplers;

/// <summary>One golden trajectory of a diffusers class: what was asked, and our sampler for it.</summary>
internal sealed class DiffusersCase
{
    private const string Folder = "samplers";
    private const string Library = "diffusers";

    private static readonly Lazy<TensorFile> SharedInputs = new(() => ConformancePack.Tensors(Folder, Library, "inputs.safetensors"));

    public DiffusersCase(string name)
    {
        Json = ConformancePack.Json(Folder, Library, "cases", name + ".json");
        Golden = ConformancePack.Tensors(Folder, Library, "cases", name + ".safetensors");
        Model = new(ConformancePack.Json(Folder, Library, "index.json").GetProperty("pseudo_model"));
        Config = SamplerConfig.Read(Json.GetProperty("config_given"));
        Sampler = DiffusersSamplers.Create(Json.GetProperty("class").GetString()!, Config, Run());
    }

    public static IReadOnlyList<string> Names => ConformancePack.CaseNames(Folder, Library, "cases");

    public static TensorFile Inputs => SharedInputs.Value;

    public JsonElement Json { get; }

    public TensorFile Golden { get; }

    public PseudoModel Model { get; }

    public SamplerConfig Config { get; }

    public ISampler Sampler { get; }

    /// <summary>[batch, channels, h, w] of the latents.</summary>
    public static int[] Shape => Inputs["x_T"].Shape;

    /// <summary>Values of one picture.</summary>
    public static int Picture => Shape[1] * Shape[2] * Shape[3];

    /// <summary>Rows that the golden batch is run as: thresholding looks at one picture, all else is blind to the batch.</summary>
    public int Rows => Config.Thresholding == true ? Shape[0] : 1;

    /// <summary>The case's draws: the stored list, or what the Brownian tree gave.</summary>
    public GoldenTensor Noise => Golden.Has("brownian_noise") ? Golden["brownian_noise"] : Inputs["noise"];

    /// <summary>Our trajectory from the given start; <paramref name="pause"/> writes the state out and reads it back after every call.</summary>
    public Trajectory Drive(ReadOnlySpan<float> start, int begin, bool pause = false)
    {
        int length = start.Length / Rows;
        var whole = new Trajectory(start.Length);
        for (int row = 0; row < Rows; row++)
        {
            var noise = new StoredNoise(Slice(Noise, row * length, length));
            var part = new Trajectory(length);
            part.Run(this, start.Slice(row * length, length), begin, noise, row * length / Picture, pause);
            whole.Join(part);
        }
        return whole;
    }

    private static GoldenTensor Slice(GoldenTensor all, int from, int length)
    {
        int count = all.Shape[0];
        var values = new float[count * length];
        for (int i = 0; i < count; i++)
            all[i].Slice(from, length).CopyTo(values.AsSpan(i * length));
        return new([count, length], values);
    }

    private SamplerRun Run()
    {
        var set = Json.GetProperty("set_timesteps");
        var step = Json.GetProperty("step_arguments");
        foreach (string unknown in Unknown(set, "num_inference_steps", "timesteps", "sigmas", "mu", "strength", "original_inference_steps")
            .Concat(Unknown(step, "eta", "use_clipped_model_output", "order", "s_churn", "s_tmin", "s_tmax", "s_noise")))
            throw new NotSupportedException($"The case has an option '{unknown}' that this test does not know.");
        return new()
        {
            Steps = (int?)Number(set, "num_inference_steps") ?? 0,
            Timesteps = List(set, "timesteps"),
            Sigmas = List(set, "sigmas"),
            Mu = Number(set, "mu"),
            Strength = Number(set, "strength"),
            OriginalInferenceSteps = (int?)Number(set, "original_inference_steps"),
            Eta = Number(step, "eta"),
            UseClippedModelOutput = step.TryGetProperty("use_clipped_model_output", out var clipped) && clipped.GetBoolean(),
            Order = (int?)Number(step, "order"),
            SChurn = Number(step, "s_churn") ?? 0,
            STmin = Number(step, "s_tmin") ?? 0,
            STmax = Number(step, "s_tmax") ?? double.PositiveInfinity,
            SNoise = Number(step, "s_noise"),
        };
    }

    private static IEnumerable<string> Unknown(JsonElement options, params string[] known) =>
        options.EnumerateObject().Select(option => option.Name).Where(name => !known.Contains(name));

    private static double? Number(JsonElement options, string name) =>
        options.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? Measure.Number(value) : null;

    private static double[]? List(JsonElement options, string name) =>
        options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? Measure.NumberList(value) : null;
}

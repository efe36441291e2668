using System.Text.Json;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Diffusion.Tests.Conformance;
using Darkroom.Diffusion.Tests.Schedules.KDiffusion;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Samplers.KDiffusion;

/// <summary>One stored k-diffusion run and what is needed to repeat it.</summary>
internal sealed class GoldenCase
{
    private static readonly string[] Folder = ["samplers", "kdiffusion"];

    public GoldenCase(string name, PredictionType prediction = PredictionType.Epsilon)
    {
        Json = ConformancePack.Json([.. Folder, "cases", name + ".json"]);
        Tensors = ConformancePack.Tensors([.. Folder, "cases", name + ".safetensors"]);
        Inputs = ConformancePack.Tensors([.. Folder, "inputs.safetensors"]);
        Model = new PseudoModel(ConformancePack.Json([.. Folder, "index.json"]).GetProperty("pseudo_model"));
        Prediction = prediction;
        Function = Json.GetProperty("function").GetString()!;
        Arguments = Read(Json.GetProperty("arguments"));
        Sampler = MakeSampler();
    }

    public JsonElement Json { get; }

    public TensorFile Tensors { get; }

    public TensorFile Inputs { get; }

    public PseudoModel Model { get; }

    public PredictionType Prediction { get; }

    public string Function { get; }

    public KDiffusionOptions Arguments { get; }

    public ISampler Sampler { get; }

    /// <summary>Whether the reference's noise sampler is a Brownian tree unless told otherwise.</summary>
    public bool IsBrownianRule => Function.Contains("sde", StringComparison.Ordinal);

    /// <summary>The levels that our own rules give for the case; null where the function takes two ends.</summary>
    public double[]? Sigmas { get; private set; }

    public static IReadOnlyList<string> Names => ConformancePack.CaseNames([.. Folder, "cases"]);

    /// <summary>Whether a tree's increments are stored with the case.</summary>
    public static bool IsBrownian(string name) => ConformancePack.Json([.. Folder, "cases", name + ".json"]).TryGetProperty("brownian_queries", out _);

    private JsonElement Options => Json.GetProperty("options");

    /// <summary>The seed of the Brownian tree behind the case.</summary>
    public ulong BrownianSeed => Options.GetProperty("brownian").GetUInt64();

    public StoredNoise Noise() => new(Tensors.Has("brownian_noise") ? Tensors["brownian_noise"] : Inputs["noise"]);

    /// <summary>The latents that the run begins with.</summary>
    public float[] FirstLatents()
    {
        if (!Options.TryGetProperty("img2img", out _))
            return Array.ConvertAll(Inputs["x_T"].Values, v => (float)(v * Sampler.InitialScale));
        float[] latents = [.. Inputs["x_0"].Values];
        Sampler.AddNoise(latents, Inputs["img2img_noise"].Values, 0);
        return latents;
    }

    /// <summary>The network's raw output for a call, in the case's prediction type.</summary>
    public void Evaluate(in EvaluationPoint call, ReadOnlySpan<float> latents, Span<float> scaled, Span<float> output)
    {
        double s = call.Sigma, c = 1 / Math.Sqrt(s * s + 1);
        for (int i = 0; i < latents.Length; i++)
            scaled[i] = (float)(latents[i] * call.InputScale);
        int[] shape = Inputs["x_T"].Shape; // [B, C, h, w]
        Model.Evaluate(scaled, call.Timestep, shape[1], shape[2] * shape[3], output);
        for (int i = 0; i < latents.Length; i++)
        {
            double denoised = latents[i] - s * output[i];
            if (Prediction == PredictionType.V) output[i] = (float)((latents[i] * c * c - denoised) / (s * c));
            if (Prediction == PredictionType.Sample) output[i] = (float)denoised;
        }
    }

    private ISampler MakeSampler()
    {
        var options = Arguments;
        int steps = Json.GetProperty("steps").GetInt32();
        if (Json.GetProperty("sigma_rule").GetString() is { } rule)
        {
            bool discard = Options.TryGetProperty("discard_penultimate", out var flag) && flag.GetBoolean();
            Sigmas = GoldenRules.Make(rule, discard ? steps + 1 : steps);
            if (discard) Sigmas = PenultimateLevel.Drop(Sigmas);
            if (Options.TryGetProperty("img2img", out var strength))
                Sigmas = ImageToImageSteps.A1111(steps, strength.GetDouble()).Cut(Sigmas, SigmaConvention.A1111);
        }
        else
        {
            options = options with { SigmaMin = GoldenRules.Sigmas.Min, SigmaMax = GoldenRules.Sigmas.Max, Steps = steps > 0 ? steps : null };
        }
        return KDiffusionSamplers.Create(Function, Sigmas, new GoldenTime(), Prediction, options);
    }

    private static KDiffusionOptions Read(JsonElement arguments)
    {
        var options = KDiffusionOptions.Default;
        foreach (var argument in arguments.EnumerateObject())
        {
            double Number() => Measure.Number(argument.Value);
            options = argument.Name switch
            {
                "eta" => options with { Eta = Number() },
                "s_noise" => options with { SNoise = Number() },
                "s_churn" => options with { SChurn = Number() },
                "s_tmin" => options with { STmin = Number() },
                "s_tmax" => options with { STmax = Number() },
                "order" => options with { Order = (int)Number() },
                "r" => options with { R = Number() },
                "solver_type" => options with { SolverType = argument.Value.GetString()! },
                "rtol" => options with { Rtol = Number() },
                "atol" => options with { Atol = Number() },
                "h_init" => options with { HInit = Number() },
                "pcoeff" => options with { PCoeff = Number() },
                "icoeff" => options with { ICoeff = Number() },
                "dcoeff" => options with { DCoeff = Number() },
                "accept_safety" => options with { AcceptSafety = Number() },
                "restart_list" => options with
                {
                    RestartList = argument.Value.ValueKind == JsonValueKind.Null ? null :
                    [
                        .. argument.Value.EnumerateObject().Select(entry => new RestartJump(
                            double.Parse(entry.Name, System.Globalization.CultureInfo.InvariantCulture),
                            entry.Value[0].GetInt32(), entry.Value[1].GetInt32(), entry.Value[2].GetDouble())),
                    ],
                },
                var other => throw new NotSupportedException($"The golden argument '{other}' is not read."),
            };
        }
        return options;
    }

    /// <summary>The timesteps that the goldens were made with.</summary>
    private sealed class GoldenTime : ISigmaTime
    {
        public double TimestepOf(double sigma) => 300 * Math.Log(1 + sigma);
    }
}

using System.Text.Json;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Schedules.KDiffusion;

/// <summary>σ and timestep, the denoisers' scalings, the ancestral split, and img2img's step tables.</summary>
[Trait("Category", "Conformance")]
public sealed class ConversionConformance
{
    private static readonly string[] File = ["samplers", "kdiffusion", "conversions.json"];

    [Fact]
    public void Sigma_and_timestep_convert_both_ways() => Check("sigma-timestep", (json, measure) =>
    {
        var there = json.GetProperty("sigma_to_t");
        double[] sigmas = Measure.NumberList(there.GetProperty("sigma"));
        measure.Numbers("t", List(there, "t"), Array.ConvertAll(sigmas, GoldenRules.Sigmas.Continuous.TimestepOf), 0, 2e-3);
        measure.Numbers("t_quantized", List(there, "t_quantized"), Array.ConvertAll(sigmas, GoldenRules.Sigmas.Quantized.TimestepOf), 0);
        var back = json.GetProperty("t_to_sigma");
        measure.Numbers("sigma", List(back, "sigma"), Array.ConvertAll(List(back, "t"), GoldenRules.Sigmas.SigmaAt), 1e-6);
    });

    [Fact]
    public void Denoiser_scalings_are_k_diffusions() => Check("scalings", (json, measure) =>
    {
        var v = json.GetProperty("vdenoiser_scalings_sigma_data_1");
        Denoiser vDenoiser = new(GoldenRules.Sigmas.Continuous, PredictionType.V), epsilonDenoiser = new(GoldenRules.Sigmas.Continuous, PredictionType.Epsilon);
        double[] sigmas = List(v, "sigma");
        measure.Numbers("v c_skip", List(v, "c_skip"), Array.ConvertAll(sigmas, s => vDenoiser.Scalings(s).Skip), 1e-6);
        measure.Numbers("v c_out", List(v, "c_out"), Array.ConvertAll(sigmas, s => vDenoiser.Scalings(s).Out), 1e-6);
        measure.Numbers("v c_in", List(v, "c_in"), Array.ConvertAll(sigmas, vDenoiser.InputScale), 1e-6);
        var epsilon = json.GetProperty("eps_scalings");
        sigmas = List(epsilon, "sigma");
        measure.Numbers("eps c_out", List(epsilon, "c_out"), Array.ConvertAll(sigmas, s => epsilonDenoiser.Scalings(s).Out), 1e-6);
        measure.Numbers("eps c_in", List(epsilon, "c_in"), Array.ConvertAll(sigmas, epsilonDenoiser.InputScale), 1e-6);
    });

    [Fact]
    public void Ancestral_steps_split_as_k_diffusion_does() => Check("ancestral-step", (json, measure) =>
    {
        foreach (var row in json.GetProperty("ancestral_step").EnumerateArray())
        {
            double from = row.GetProperty("from").GetDouble(), to = row.GetProperty("to").GetDouble(), eta = row.GetProperty("eta").GetDouble();
            var (down, up) = AncestralStep.Of(from, to, eta);
            // float32 loses digits in to² − up² where the two are close.
            measure.Numbers($"{from} to {to}, eta {eta}", List(row, "down_up"), [down, up], 1e-6, 1e-6 * to);
        }
    });

    [Fact]
    public void Image_to_image_runs_the_programs_share_of_the_schedule() => Check("img2img-steps", (json, measure) =>
    {
        foreach (var row in json.GetProperty("img2img_steps").EnumerateArray())
        {
            int steps = row.GetProperty("steps").GetInt32();
            double strength = row.GetProperty("strength").GetDouble();
            string at = $"{steps} steps at {strength}: ";
            var a1111 = ImageToImageSteps.A1111(steps, strength);
            JsonElement golden = row.GetProperty("a1111");
            measure.Equal(at + "a1111", (Int(golden, "schedule_steps"), Int(golden, "first_sigma_index"), Int(golden, "steps_run")),
                (a1111.ScheduleSteps, a1111.First, a1111.Run));
            measure.Equal(at + "a1111 t_enc", Int(golden, "t_enc"), a1111.Run - 1);
            golden = row.GetProperty("a1111_fix_steps");
            var all = ImageToImageSteps.A1111AllSteps(steps, strength);
            bool none = golden.GetProperty("first_sigma_index").ValueKind == JsonValueKind.Null;
            measure.Equal(at + "a1111 all steps", none ? null : (Int(golden, "schedule_steps"), Int(golden, "first_sigma_index"), Int(golden, "t_enc")),
                all is { } made ? (made.ScheduleSteps, made.First, made.Run - 1) : ((int, int, int)?)null);
            measure.Equal(at + "comfyui", Int(row.GetProperty("comfyui"), "schedule_steps"), ImageToImageSteps.ComfyUi(steps, strength).ScheduleSteps);
            measure.Equal(at + "diffusers", Int(row.GetProperty("diffusers"), "t_start"), ImageToImageSteps.Diffusers(steps, strength).First);
            measure.Equal(at + "diffusers flow", Int(row.GetProperty("diffusers_sd3_flux"), "t_start"), ImageToImageSteps.DiffusersFlow(steps, strength).First);
        }
    });

    private static void Check(string name, Action<JsonElement, Measure> check)
    {
        if (!ConformancePack.Has(File)) Assert.Skip("The pack has no conversions.");
        using var measure = new Measure("schedules/conversions", name);
        check(ConformancePack.Json(File), measure);
    }

    private static double[] List(JsonElement json, string name) => Measure.NumberList(json.GetProperty(name));

    private static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}

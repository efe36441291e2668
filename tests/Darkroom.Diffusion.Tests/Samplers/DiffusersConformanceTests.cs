using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Samplers;

/// <summary>Every golden trajectory of diffusers' schedulers, found by reading the pack.</summary>
[Trait("Category", "Conformance")]
public sealed class DiffusersConformanceTests
{
    private const string Group = "samplers/diffusers";

    public static TheoryData<string> Cases => [.. DiffusersCase.Names];

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Trajectory_meets_the_golden(string name)
    {
        using var measure = new Measure(Group, name);
        if (Open(name, measure) is not { } golden) return;
        double tolerance = Tolerance(golden);
        CompareSchedule(golden, measure);

        float[] start = Start(golden);
        var ours = golden.Drive(start, begin: 0);
        var states = golden.Golden["states"];
        measure.Equal("model calls", golden.Json.GetProperty("model_calls").GetInt32(), ours.Calls.Count);
        for (int i = 0; i < Math.Min(states.Shape[0], ours.States.Count); i++)
            measure.Close($"state {i}", states[i], ours.States[i], tolerance);
        CompareChecked(golden, ours, measure, tolerance);
        if (golden.Golden.Has("brownian_noise"))
            CompareQueries(golden, ours, measure);
        else
            CompareDraws("draws", golden.Json.GetProperty("noise_draws"), ours, measure);
        foreach (var image in golden.Json.GetProperty("img2img").EnumerateArray())
            CompareImage(golden, image, measure, tolerance);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Run_paused_after_every_call_gives_the_same_picture(string name)
    {
        var golden = new DiffusersCase(name);
        float[] start = Start(golden);
        Assert.Equal(golden.Drive(start, 0).States[^1], golden.Drive(start, 0, pause: true).States[^1]);
    }

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Cases))]
    public void Call_allocates_nothing_to_speak_of(string name)
    {
        var golden = new DiffusersCase(name);
        float[] start = Start(golden);
        golden.Drive(start, 0);
        Assert.InRange(golden.Drive(start, 0).Allocated, 0, 1024);
    }

    private static DiffusersCase? Open(string name, Measure measure)
    {
        try
        {
            return new(name);
        }
        catch (NotSupportedException refused)
        {
            measure.Miss(refused.Message);
            return null;
        }
    }

    private static float[] Start(DiffusersCase golden)
    {
        float scale = (float)golden.Sampler.InitialScale;
        return Array.ConvertAll(DiffusersCase.Inputs["x_T"].Values, x => x * scale);
    }

    /// <summary>2e-5 of the largest value, but 5e-5 where zero terminal SNR starts at sigma 4096.</summary>
    private static double Tolerance(DiffusersCase golden) =>
        golden.Sampler.Sigmas.Any(sigma => sigma > 4000) ? 5e-5 : 2e-5;

    private static void CompareSchedule(DiffusersCase golden, Measure measure)
    {
        var json = golden.Json;
        double[] timesteps = Measure.NumberList(json.GetProperty("timesteps").GetProperty("values"));
        bool whole = timesteps.All(t => t == Math.Floor(t));
        measure.Numbers("timesteps", timesteps, golden.Sampler.Timesteps, 0, whole ? 0 : 2e-3);
        if (json.GetProperty("sigmas") is { ValueKind: JsonValueKind.Object } sigmas)
            measure.Numbers("sigmas", Measure.NumberList(sigmas.GetProperty("values")), golden.Sampler.Sigmas, 1e-6);
        double scale = json.GetProperty("init_noise_sigma") is { ValueKind: not JsonValueKind.Null } given ? Measure.Number(given) : 1;
        measure.Numbers("init_noise_sigma", [scale], [golden.Sampler.InitialScale], 1e-6);
        measure.Equal("order", json.GetProperty("order").GetInt32(), golden.Sampler.CallsPerStep);
    }

    private static void CompareChecked(DiffusersCase golden, Trajectory ours, Measure measure, double tolerance)
    {
        int[] at = [.. golden.Json.GetProperty("checked_calls").EnumerateArray().Select(v => v.GetInt32())];
        for (int i = 0; i < at.Length && at[i] < ours.Calls.Count; i++)
        {
            measure.Close($"scaled input of call {at[i]}", golden.Golden["scaled_input"][i], ours.Inputs[at[i]], tolerance);
            if (golden.Golden.Has("pred_original_sample"))
                measure.Close($"denoised of call {at[i]}", golden.Golden["pred_original_sample"][i], ours.Denoised[at[i]], tolerance);
        }
    }

    private static void CompareDraws(string what, JsonElement golden, Trajectory ours, Measure measure)
    {
        int[] counts = [.. golden.EnumerateArray().Select(call => call.GetArrayLength())];
        measure.Equal(what, string.Join(' ', counts), string.Join(' ', ours.Draws.Select(d => d.Length)));
    }

    private static void CompareQueries(DiffusersCase golden, Trajectory ours, Measure measure)
    {
        double[] asked = [.. golden.Json.GetProperty("brownian_queries").EnumerateArray().SelectMany(Measure.NumberList)];
        double[] ourAsked = [.. ours.Draws.SelectMany(d => d).SelectMany(d => new[] { d.Sigma ?? double.NaN, d.SigmaNext ?? double.NaN })];
        measure.Numbers("Brownian queries", asked, ourAsked, 3e-7);
    }

    private static void CompareImage(DiffusersCase golden, JsonElement image, Measure measure, double tolerance)
    {
        string tensor = image.GetProperty("tensor").GetString()!;
        int begin = image.GetProperty("begin_index").GetInt32();
        int steps = golden.Json.GetProperty("set_timesteps").TryGetProperty("num_inference_steps", out var asked)
            ? asked.GetInt32()
            : golden.Sampler.Steps;
        int kept = Math.Min((int)(steps * image.GetProperty("strength").GetDouble()), steps);
        measure.Equal($"{tensor}: begin", begin, (steps - kept) * golden.Sampler.CallsPerStep);
        measure.Numbers($"{tensor}: first timestep", [Measure.Number(image.GetProperty("first_timestep"))], [golden.Sampler.Timesteps[begin]], 0, 2e-3);

        float[] start = DiffusersCase.Inputs["x_0"].Values.ToArray();
        golden.Sampler.AddNoise(start, DiffusersCase.Inputs["img2img_noise"].Values, begin);
        var ours = golden.Drive(start, begin);
        measure.Equal($"{tensor}: model calls", image.GetProperty("model_calls").GetInt32(), ours.Calls.Count);
        CompareDraws($"{tensor}: draws", image.GetProperty("noise_draws"), ours, measure);
        var states = golden.Golden[tensor];
        int last = states.Shape[0] - 1;
        for (int i = 0; i < last && i < ours.States.Count; i++)
            measure.Close($"{tensor}: state {i}", states[i], ours.States[i], tolerance);
        measure.Close($"{tensor}: result", states[last], ours.States[^1], tolerance);
    }
}

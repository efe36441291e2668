using System.Numerics.Tensors;
using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Diffusion.Tests.Samplers.KDiffusion;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Samplers;

/// <summary>Samplers as A1111 and ComfyUI run them: levels against the pack's, A1111's timestep rules against plain loops written here.</summary>
public sealed class CompatibleSamplersTests
{
    private static readonly SamplerConfig Model = new()
        { BetaSchedule = "scaled_linear", BetaStart = 0.00085, BetaEnd = 0.012, StepsOffset = 1, ClipSample = false, SkipPrkSteps = true };

    private static readonly float[] Alphas = DiscreteSigmas.AlphasCumprod(Model);

    /// <summary>Those whose levels are A1111's: some runs of the pack keep a level that A1111 leaves out.</summary>
    public static TheoryData<string> Goldens => [.. GoldenCase.Names.Where(name =>
    {
        var json = ConformancePack.Json("samplers", "kdiffusion", "cases", name + ".json");
        var sampler = SamplerCatalog.All.First(one => one.KDiffusion == json.GetProperty("function").GetString());
        bool drops = sampler.DropsPenultimateIn.Contains(SigmaConvention.A1111);
        return json.GetProperty("sigma_rule").GetString() is { } rule && ScheduleCatalog.All.Any(one => one.Name == rule)
            && drops == json.GetProperty("options").TryGetProperty("discard_penultimate", out _);
    })];

    public static TheoryData<SigmaConvention, string, string> Combinations => [.. Enum.GetValues<SigmaConvention>().SelectMany(
        convention => SamplerCatalog.All.SelectMany(sampler => sampler.SchedulesIn(convention).Select(schedule => (convention, sampler.Name, schedule))))];

    [Theory]
    [MemberData(nameof(Goldens))]
    public void A1111_runs_the_levels_of_the_golden(string name)
    {
        var json = ConformancePack.Json("samplers", "kdiffusion", "cases", name + ".json");
        int steps = json.GetProperty("steps").GetInt32();
        double? strength = json.GetProperty("options").TryGetProperty("img2img", out var value) ? value.GetDouble() : null;
        string function = json.GetProperty("function").GetString()!;
        var run = strength is { } share ? ImageToImageSteps.A1111(steps, share) : new(steps, 0, steps);
        var sampler = Make(SigmaConvention.A1111, SamplerCatalog.All.First(one => one.KDiffusion == function).Name,
            json.GetProperty("sigma_rule").GetString()!, run.ScheduleSteps, run.First, strength is not null);
        // A Restart run replaces its levels, and lists those.
        if (function == "restart") return;
        double[] expected = Measure.NumberList(json.GetProperty("sigmas"));
        Assert.Equal(expected.Length, sampler.Sigmas.Count);
        Assert.All(expected.Zip(sampler.Sigmas), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * Math.Max(1, pair.First)));
        Assert.Equal(expected[0], sampler.InitialScale, 1e-6 * expected[0]);
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Every_listed_combination_runs_to_a_finite_end(SigmaConvention convention, string sampler, string schedule)
    {
        foreach (var (steps, skipped) in ((int, int)[])[(1, 0), (3, 0), (12, 0), (12, 11), (12, 5)])
        {
            var made = Make(convention, sampler, schedule, steps, skipped, isPicture: skipped > 0);
            float[] latents = Run(made, seed: 7, fromPicture: skipped > 0);
            Assert.True(float.IsFinite(TensorPrimitives.MaxMagnitude<float>(latents)), $"{steps} steps, {skipped} left out: not finite");
        }
    }

    [Fact]
    public void ComfyUi_starts_from_unit_variance_at_the_largest_level_and_tells_whole_timesteps()
    {
        var made = Make(SigmaConvention.ComfyUi, "euler", "karras", 8);
        Assert.Equal(Math.Sqrt(made.Sigmas[0] * made.Sigmas[0] + 1), made.InitialScale, 1e-12);
        Assert.All(made.Timesteps, t => Assert.Equal(Math.Round(t), t));
        var late = Make(SigmaConvention.ComfyUi, "euler", "karras", 16, 8, isPicture: true);
        Assert.Equal((late.Sigmas[0], 8), (late.InitialScale, late.Timesteps.Count));
        Assert.Contains(Make(SigmaConvention.A1111, "euler", "karras", 8).Timesteps, t => Math.Round(t) != t);
    }

    [Theory]
    [InlineData("dpm_2", "karras")]
    [InlineData("dpmpp_2m", "karras")]
    [InlineData("dpmpp_2m_sde", "exponential")]
    [InlineData("euler", "normal")]
    public void A1111s_automatic_schedule_is_the_samplers_own(string sampler, string schedule) => Assert.Equal(
        Make(SigmaConvention.A1111, sampler, schedule, 9).Sigmas, Make(SigmaConvention.A1111, sampler, ScheduleCatalog.Default, 9).Sigmas);

    [Fact]
    public void A1111_lays_the_Brownian_tree_over_the_whole_schedule()
    {
        var whole = Make(SigmaConvention.A1111, "dpmpp_sde", "karras", 10);
        Assert.Equal(whole.BrownianRange, Make(SigmaConvention.A1111, "dpmpp_sde", "karras", 10, 6, isPicture: true).BrownianRange);
        Assert.NotEqual(whole.BrownianRange, Make(SigmaConvention.ComfyUi, "dpmpp_sde", "karras", 10, 6, isPicture: true).BrownianRange);
    }

    [Theory]
    [InlineData(10, null, 0.0)]
    [InlineData(30, null, 0.0)] // 1000 / 30 leaves one timestep more
    [InlineData(10, null, 1.0)]
    [InlineData(10, 6, 0.5)]
    public void Ddim_is_A1111s_loop(int steps, int? encoded, double eta)
    {
        var (t, start) = Listed(steps, encoded);
        var made = Make(SigmaConvention.A1111, "ddim", ScheduleCatalog.Default, steps, encoded is { } kept ? steps - kept - 1 : 0, encoded is not null, eta);
        var noise = new PhiloxGenerator(5);
        double[] x = Begin(encoded is null ? null : start, noise);
        for (int i = t.Length - 1; i > 0; i--)
        {
            double a = Alphas[t[i]], next = Alphas[t[i - 1]], s = eta * Math.Sqrt((1 - next) / (1 - a) * (1 - a / next));
            double[] e = Answer(x, t[i]);
            float[] draw = new float[x.Length];
            if (eta > 0) noise.Normal(draw);
            for (int k = 0; k < x.Length; k++)
                x[k] = Math.Sqrt(next) * (x[k] - Math.Sqrt(1 - a) * e[k]) / Math.Sqrt(a) + Math.Sqrt(1 - next - s * s) * e[k] + s * draw[k];
        }
        AssertClose(x, Run(made, 5, encoded is not null));
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(3, null)]
    [InlineData(12, 8)]
    public void Plms_is_A1111s_loop(int steps, int? encoded)
    {
        var (t, start) = Listed(steps, encoded);
        var made = Make(SigmaConvention.A1111, "pndm", ScheduleCatalog.Default, steps, encoded is { } kept ? steps - kept - 1 : 0, encoded is not null);
        double[] x = Begin(encoded is null ? null : start, new PhiloxGenerator(5));
        var old = new List<double[]>();
        for (int i = t.Length - 1; i > 0; i--)
        {
            double[] e = Answer(x, t[i]), mixed;
            double[] Mix(params (double Weight, double[] Of)[] parts) => [.. e.Select((_, k) => parts.Sum(part => part.Weight * part.Of[k]))];
            if (old.Count == 0) mixed = Mix((0.5, e), (0.5, Answer(Step(x, e, t[i], t[i - 1]), t[i - 1])));
            else if (old.Count == 1) mixed = Mix((1.5, e), (-0.5, old[^1]));
            else if (old.Count == 2) mixed = Mix((23 / 12.0, e), (-16 / 12.0, old[^1]), (5 / 12.0, old[^2]));
            else mixed = Mix((55 / 24.0, e), (-59 / 24.0, old[^1]), (37 / 24.0, old[^2]), (-9 / 24.0, old[^3]));
            x = Step(x, mixed, t[i], t[i - 1]);
            old.Add(e);
        }
        AssertClose(x, Run(made, 5, encoded is not null));

        static double[] Step(double[] x, double[] e, int from, int to) => [.. x.Select((value, k) =>
            Math.Sqrt(Alphas[to]) * (value - Math.Sqrt(1 - Alphas[from]) * e[k]) / Math.Sqrt(Alphas[from]) + Math.Sqrt(1 - Alphas[to]) * e[k])];
    }

    /// <summary>Its calls lie evenly in time, and its end is that of the equation, which a DDIM of very many steps comes to.</summary>
    [Fact]
    public void UniPc_runs_evenly_from_the_last_training_step_to_the_first()
    {
        var made = Make(SigmaConvention.A1111, "unipc", ScheduleCatalog.Default, 20);
        Assert.Equal(20, made.Timesteps.Count);
        Assert.All(made.Timesteps.Index(), one => Assert.Equal(999 - one.Index * 999 / 20.0, one.Item, 1e-3));
        double[] x = Begin(null, new PhiloxGenerator(5));
        for (int t = 999; t > 0; t--)
        {
            double a = Alphas[t], next = Alphas[t - 1];
            double[] e = Answer(x, t);
            for (int k = 0; k < x.Length; k++)
                x[k] = Math.Sqrt(next) * (x[k] - Math.Sqrt(1 - a) * e[k]) / Math.Sqrt(a) + Math.Sqrt(1 - next) * e[k];
        }
        float[] result = Run(made, 5, fromPicture: false);
        double largest = x.Max(Math.Abs);
        Assert.All(x.Zip(result), pair => Assert.Equal(pair.First, pair.Second, 0.03 * largest));
    }

    [Theory]
    [InlineData(SigmaConvention.A1111, "deis", "default", "no sampler 'deis'")]
    [InlineData(SigmaConvention.ComfyUi, "pndm", "default", "no sampler 'pndm'")]
    [InlineData(SigmaConvention.A1111, "euler", "linear_quadratic", "these do: default, karras")]
    [InlineData(SigmaConvention.A1111, "ddim", "karras", "these do: default")]
    public void What_a_program_does_not_have_is_refused(SigmaConvention convention, string sampler, string schedule, string reason)
    {
        var e = Assert.Throws<NotSupportedException>(() => Make(convention, sampler, schedule, 8));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    private static ISampler Make(
        SigmaConvention convention, string sampler, string schedule, int steps, int skipped = 0, bool isPicture = false, double? eta = null) =>
        SamplerFactory.Start(new SamplerChoice
        {
            ModelClass = "PNDMScheduler", ModelConfig = Model, Sampler = sampler, Schedule = schedule, Steps = steps, SkippedSteps = skipped,
            Convention = convention, IsPicture = isPicture, Eta = eta,
        }) is { Begin: 0 } start ? start.Sampler : throw new InvalidOperationException("A program's run begins at its first call.");

    /// <summary>A1111's timesteps, and the one that a picture is noised to.</summary>
    private static (int[] Timesteps, int Start) Listed(int steps, int? encoded)
    {
        var all = new List<int>();
        for (int t = 0; t < 1000; t += 1000 / steps) all.Add(Math.Min(t + 1, 999));
        return encoded is { } kept ? ([.. all.Take(kept)], all[kept]) : ([.. all], 0);
    }

    private static double[] Begin(int? noisedTo, PhiloxGenerator noise)
    {
        var draw = new float[Length];
        noise.Normal(draw);
        return [.. draw.Select((z, k) => noisedTo is { } t ? Math.Sqrt(Alphas[t]) * Content(k) + Math.Sqrt(1 - Alphas[t]) * z : z)];
    }

    private const int Length = 16;

    private static double Content(int k) => Math.Sin(k);

    private static double[] Answer(double[] x, double t) => [.. x.Select((value, k) => Reply((float)value, t, k))];

    /// <summary>Stands for a network; smooth in everything.</summary>
    private static double Reply(double x, double t, int k) => 0.8 * Math.Tanh(x + 0.1 * k) * Math.Cos(t / 900) + 0.1 * Math.Sin(x);

    private static float[] Run(ISampler sampler, ulong seed, bool fromPicture)
    {
        var (min, max) = sampler.BrownianRange;
        var noise = new RowNoise(new PhiloxGenerator(seed), max > 0 ? new BrownianPath(seed, min, max) : null);
        float[] latents = new float[Length], output = new float[Length], first = new float[Length];
        noise.First(first, new(1, 4, 4));
        if (fromPicture)
        {
            for (int k = 0; k < Length; k++) latents[k] = (float)Content(k);
            sampler.AddNoise(latents, first, 0);
        }
        else
        {
            for (int k = 0; k < Length; k++) latents[k] = (float)(first[k] * sampler.InitialScale);
        }
        var state = new SamplerState(sampler, Length);
        sampler.Start(state, latents, noise);
        while (sampler.Next(state, out var point))
        {
            for (int k = 0; k < Length; k++) output[k] = (float)Reply((float)(latents[k] * point.InputScale), point.Timestep, k);
            sampler.Advance(state, output, latents, noise);
        }
        return latents;
    }

    private static void AssertClose(double[] expected, float[] actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-5 * Math.Max(1, expected.Max(Math.Abs))));
}

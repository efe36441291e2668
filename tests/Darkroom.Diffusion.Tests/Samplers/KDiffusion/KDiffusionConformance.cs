using System.Text.Json;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.KDiffusion;
using Darkroom.Diffusion.Tests.Conformance;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Samplers.KDiffusion;

[Trait("Category", "Conformance")]
public sealed class KDiffusionConformance
{
    private const double Tolerance = 2e-5;

    public static IEnumerable<TheoryDataRow<string>> Cases => PackCases.Named(GoldenCase.Names, "k-diffusion cases");

    public static IEnumerable<TheoryDataRow<string>> BrownianCases =>
        PackCases.Named([.. GoldenCase.Names.Where(GoldenCase.IsBrownian)], "k-diffusion cases with a Brownian tree");

    [Theory, MemberData(nameof(Cases))]
    public void Trajectory_calls_and_draws_are_the_references(string name)
    {
        using var measure = new Measure("samplers/kdiffusion", name);
        var golden = new GoldenCase(name);
        if (golden.Sigmas is { } sigmas)
            measure.Numbers("sigmas", Measure.NumberList(golden.Json.GetProperty("sigmas")), sigmas, 1e-6);

        var run = GoldenRun.Of(golden);

        var states = golden.Tensors["states"];
        measure.Equal("states", states.Shape[0], run.States.Count);
        for (int i = 0; i < Math.Min(states.Shape[0], run.States.Count); i++)
            measure.Close($"states[{i}]", states[i], run.States[i], Tolerance);
        measure.Numbers("calls", Measure.NumberList(golden.Json.GetProperty("denoiser_calls_at_sigma")), run.CallSigmas, Tolerance);
        CompareDraws(measure, golden, run.Draws);
        if (golden.Json.TryGetProperty("info", out var info))
        {
            var (accepted, rejected) = DpmAdaptiveSampler.Counts(run.State);
            measure.Equal("accepted", info.GetProperty("n_accept").GetInt32(), accepted);
            measure.Equal("rejected", info.GetProperty("n_reject").GetInt32(), rejected);
            measure.Equal("steps", info.GetProperty("steps").GetInt32(), accepted + rejected);
            measure.Equal("nfe", info.GetProperty("nfe").GetInt32(), run.State.Calls);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Row_that_is_put_away_after_every_call_ends_the_same(string name)
    {
        var golden = new GoldenCase(name);
        var whole = GoldenRun.Of(golden);
        var paused = GoldenRun.Of(golden, afterCall: state => SamplerStateFormat.Read(golden.Sampler, SamplerStateFormat.Write(state)));
        Assert.Equal(whole.States[^1], paused.States[^1]);
        Assert.Equal(whole.Draws, paused.Draws);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Networks_that_predict_v_or_the_sample_end_the_same(string name)
    {
        float[] epsilon = GoldenRun.Of(new GoldenCase(name)).States[^1];
        float largest = epsilon.Max(MathF.Abs);
        foreach (var prediction in (ReadOnlySpan<PredictionType>)[PredictionType.V, PredictionType.Sample])
        {
            float[] other = GoldenRun.Of(new GoldenCase(name, prediction)).States[^1];
            Assert.All(epsilon.Zip(other), pair => Assert.Equal(pair.First, pair.Second, Tolerance * Math.Max(1, largest)));
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void No_call_allocates(string name)
    {
        var golden = new GoldenCase(name);
        GoldenRun.Of(golden, other: new Silence());
        // The runtime charges a thread now and then for its own work (a method compiled again): what a call itself takes shows in every run.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => GoldenRun.Of(golden, other: new Silence()).Allocated));
    }

    /// <summary>The row's own noise in place of the stored one. A level off in its last digit moves the tree's noise by up to 1e-3 (README).</summary>
    [Theory, MemberData(nameof(BrownianCases))]
    public void Row_with_a_Brownian_tree_draws_its_own_path(string name)
    {
        using var measure = new Measure("samplers/kdiffusion", name + " (own tree)");
        var golden = new GoldenCase(name);
        var (min, max) = golden.Sampler.BrownianRange;
        var row = new RowNoise(SeededNoise.Create(NoiseGenerator.TorchCpu, 0), new BrownianPath(golden.BrownianSeed, min, max));
        var run = GoldenRun.Of(golden, other: row);
        measure.Close("result", Last(golden.Tensors["states"]), run.States[^1], 2e-3);
    }

    private static ReadOnlySpan<float> Last(GoldenTensor tensor) => tensor[tensor.Shape[0] - 1];

    /// <summary>Draws of nothing, for measuring what the sampler itself allocates.</summary>
    private sealed class Silence : INoiseSource
    {
        public void Normal(Span<float> destination) => destination.Clear();

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => destination.Clear();
    }

    /// <summary>
    /// Kinds and levels asked, in order. Where the reference's noise sampler is plain unless told otherwise, a plain draw answers it, so that a
    /// row with a Brownian source cannot change the rule.
    /// </summary>
    private static void CompareDraws(Measure measure, GoldenCase golden, IReadOnlyList<StoredDraw> draws)
    {
        List<double[]> asked = [];
        if (golden.Json.TryGetProperty("brownian_queries", out var queries))
            asked.AddRange(queries.EnumerateArray().Select(Measure.NumberList));
        else
            foreach (var entry in golden.Json.GetProperty("noise_draws").EnumerateArray())
                asked.Add(entry[0].GetString() == "noise_sampler" && golden.IsBrownianRule ? [entry[1].GetDouble(), entry[2].GetDouble()] : []);
        measure.Equal("draws", asked.Count, draws.Count);
        for (int i = 0; i < Math.Min(asked.Count, draws.Count); i++)
        {
            double[] levels = draws[i].Sigma is { } sigma ? [sigma, draws[i].SigmaNext!.Value] : [];
            measure.Numbers($"draws[{i}]", asked[i], levels, 1e-6);
        }
    }
}

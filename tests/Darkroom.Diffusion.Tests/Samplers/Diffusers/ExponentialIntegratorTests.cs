using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Samplers.Diffusers;

namespace Darkroom.Diffusion.Tests.Samplers.Diffusers;

/// <summary>
/// A network that always finds the same picture makes every one of these solvers exact: from α₀x₀ + σ₀ε each level is met as αx₀ + σε, whatever
/// the order. It checks options that no golden holds.
/// </summary>
public sealed class ExponentialIntegratorTests
{
    private const float Picture = 0.75f, Noise = -1.25f;

    private static readonly SamplerConfig Sd15 = new()
    {
        BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = "scaled_linear", PredictionType = "v_prediction",
    };

    public static TheoryData<string, ISampler> Odes()
    {
        var data = new TheoryData<string, ISampler>();
        void Add(string name, Func<SamplerConfig, SamplerRun, ISampler> create, SamplerConfig config, int steps = 12) =>
            data.Add(name, create(config, new() { Steps = steps }));

        foreach (int order in (int[])[1, 2, 3])
        {
            foreach (string type in (string[])["midpoint", "heun"])
            {
                foreach (string algorithm in (string[])["dpmsolver", "dpmsolver++"])
                {
                    var config = Sd15 with { SolverOrder = order, SolverType = type, AlgorithmType = algorithm, FinalSigmasType = "sigma_min" };
                    Add($"multistep {order} {type} {algorithm}", DPMSolverMultistep.Create, config, 20);
                    Add($"singlestep {order} {type} {algorithm}", DPMSolverSinglestep.Create, config);
                    Add($"singlestep karras {order} {type} {algorithm}", DPMSolverSinglestep.Create, config with { UseKarrasSigmas = true });
                }
            }
            Add($"deis {order}", DEISMultistep.Create, Sd15 with { SolverOrder = order, UseBetaSigmas = true });
            Add($"deis open end {order}", DEISMultistep.Create, Sd15 with { SolverOrder = order, LowerOrderFinal = false });
        }
        foreach (int order in (int[])[1, 2, 3, 4, 5])
        {
            foreach (string type in (string[])["bh1", "bh2"])
            {
                foreach (bool x0 in (bool[])[true, false])
                {
                    var config = Sd15 with { SolverOrder = order, SolverType = type, PredictX0 = x0 };
                    Add($"unipc {order} {type} {x0}", UniPCMultistep.Create, config with { FinalSigmasType = "sigma_min" });
                    Add($"unipc to zero {order} {type} {x0}", UniPCMultistep.Create, config with { LowerOrderFinal = false });
                }
            }
        }
        Add("unipc flow", UniPCMultistep.Create, new() { UseFlowSigmas = true, PredictionType = "flow_prediction", FlowShift = 5 });
        Add("deis flow", DEISMultistep.Create, new() { UseFlowSigmas = true, PredictionType = "flow_prediction", FlowShift = 2 });
        return data;
    }

    [Theory]
    [MemberData(nameof(Odes), DisableDiscoveryEnumeration = true)]
    public void A_steady_prediction_is_followed_exactly(string name, ISampler sampler)
    {
        Assert.NotEmpty(name);
        float[] latents = [At(sampler, 0)], output = new float[1];
        var state = new SamplerState(sampler, 1);
        while (sampler.Next(state, out _))
        {
            bool flow = sampler.Sigmas[0] < 1;
            double sigma = sampler.Sigmas[state.Index], alpha = flow ? 1 - sigma : 1 / Math.Sqrt(sigma * sigma + 1);
            output[0] = (float)(flow ? Noise - Picture : alpha * Noise - sigma * alpha * Picture);
            sampler.Advance(state, output, latents, new NoNoise());
            Assert.Equal(At(sampler, state.Index), latents[0], 2e-5f);
            Assert.Equal(Picture, state.Slot(0)[0], 2e-5f);
        }
    }

    public static TheoryData<int, int, string> SaOrders()
    {
        var data = new TheoryData<int, int, string>();
        for (int predictor = 1; predictor <= 4; predictor++)
            for (int corrector = 1; corrector <= 4; corrector++)
                foreach (string algorithm in (string[])["data_prediction", "noise_prediction"])
                    data.Add(predictor, corrector, algorithm);
        return data;
    }

    /// <summary>Draws are all zero here: the mean of the SDE keeps to αx₀ whatever τ is.</summary>
    [Theory]
    [MemberData(nameof(SaOrders))]
    public void Sa_solver_follows_a_picture_without_noise_exactly(int predictor, int corrector, string algorithm)
    {
        var config = Sd15 with { PredictorOrder = predictor, CorrectorOrder = corrector, AlgorithmType = algorithm };
        ISampler sampler = SASolver.Create(config, new() { Steps = 12 });
        float[] latents = [1], output = new float[1];
        sampler.AddNoise(latents, [0], 0);
        var state = new SamplerState(sampler, 1);
        while (sampler.Next(state, out _))
        {
            double sigma = sampler.Sigmas[state.Index], alpha = 1 / Math.Sqrt(sigma * sigma + 1);
            output[0] = (float)(-sigma * alpha);       // v of x₀ = 1, ε = 0
            sampler.Advance(state, output, latents, new NoNoise());
            double next = sampler.Sigmas[state.Index];
            Assert.Equal(1 / Math.Sqrt(next * next + 1), latents[0], 2e-5);
        }
    }

    [Theory]
    [InlineData("dpmsolver++")]
    [InlineData("dpmsolver")]
    public void Third_order_singlestep_integrates_a_quadratic_in_lambda_exactly(string algorithm)
    {
        bool data = algorithm == "dpmsolver++";
        var config = Sd15 with
        {
            SolverOrder = 3, SolverType = "heun", AlgorithmType = algorithm, PredictionType = data ? "sample" : "epsilon",
            FinalSigmasType = "sigma_min",
        };
        ISampler sampler = DPMSolverSinglestep.Create(config, new() { Steps = 18 });
        double Lambda(int index) => -Math.Log(sampler.Sigmas[index]);
        double Alpha(int index) => 1 / Math.Sqrt(sampler.Sigmas[index] * sampler.Sigmas[index] + 1);
        static double Value(double lambda) => 0.4 - 0.3 * lambda + 0.2 * lambda * lambda;

        float[] latents = [1], output = new float[1];
        var before = new float[sampler.Steps];
        var state = new SamplerState(sampler, 1);
        int checks = 0;
        while (sampler.Next(state, out _))
        {
            int i = state.Index;
            before[i] = latents[0];
            output[0] = (float)Value(Lambda(i));
            sampler.Advance(state, output, latents, new NoNoise());
            if (i % 3 != 2) continue;
            int s = i - 2, t = i + 1;
            // d(x/σ) = x₀ d(e^λ), d(x/α) = ε d(e^−λ)
            double sign = data ? 1 : -1, integral = Quadrature.Simpson(u => sign * Math.Exp(sign * u) * Value(u), Lambda(s), Lambda(t));
            double Unit(int index) => data ? Alpha(index) * sampler.Sigmas[index] : Alpha(index);
            double expected = Unit(t) * (before[s] / Unit(s) + integral);
            Assert.Equal(expected, latents[0], 1e-5 * Math.Max(1, Math.Abs(expected)));
            checks++;
        }
        Assert.True(checks >= 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_step_allocates_nothing(int order)
    {
        var run = new SamplerRun { Steps = 6 };
        var config = Sd15 with { SolverOrder = order, PredictorOrder = order, CorrectorOrder = order };
        ISampler[] samplers =
        [
            DPMSolverMultistep.Create(config with { AlgorithmType = "sde-dpmsolver++" }, run), DPMSolverSinglestep.Create(config, run),
            UniPCMultistep.Create(config with { DisableCorrector = [1] }, run), DEISMultistep.Create(config, run), SASolver.Create(config, run),
            EDMDPMSolverMultistep.Create(new() { SolverOrder = order }, run),
            CosineDPMSolverMultistep.Create(new() { SolverOrder = Math.Min(order, 2) }, run),
        ];
        foreach (var sampler in samplers)
        {
            float[] latents = new float[64], output = new float[64];
            var state = new SamplerState(sampler, 64);
            var noise = new NoNoise();
            sampler.Next(state, out _);
            sampler.Advance(state, output, latents, noise);
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (sampler.Next(state, out _))
                sampler.Advance(state, output, latents, noise);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Cosine_lays_its_brownian_tree_over_the_configured_range()
    {
        ISampler sampler = CosineDPMSolverMultistep.Create(new() { SigmaMin = 0.2, SigmaMax = 400 }, new() { Steps = 5 });
        Assert.Equal((0.2, 400), sampler.BrownianRange);
    }

    [Fact]
    public void Unknown_values_are_named()
    {
        var run = new SamplerRun { Steps = 4 };
        Named("algorithm_type 'x'", () => DPMSolverMultistep.Create(Sd15 with { AlgorithmType = "x" }, run));
        Named("solver_type 'x'", () => DPMSolverSinglestep.Create(Sd15 with { SolverType = "x" }, run));
        Named("solver_order 4", () => DPMSolverSinglestep.Create(Sd15 with { SolverOrder = 4 }, run));
        Named("final_sigmas_type 'x'", () => UniPCMultistep.Create(Sd15 with { FinalSigmasType = "x" }, run));
        Named("predictor_order 5", () => SASolver.Create(Sd15 with { PredictorOrder = 5 }, run));
        Named("sigma_schedule 'x'", () => EDMDPMSolverMultistep.Create(new() { SigmaSchedule = "x" }, run));
        Named("solver_order 3", () => CosineDPMSolverMultistep.Create(new() { SolverOrder = 3 }, run));
    }

    private static void Named(string what, Action create) =>
        Assert.Contains(what, Assert.Throws<NotSupportedException>(create).Message, StringComparison.Ordinal);

    private static float At(ISampler sampler, int index)
    {
        float[] latents = [Picture];
        sampler.AddNoise(latents, [Noise], index);
        return latents[0];
    }

    private sealed class NoNoise : INoiseSource
    {
        public void Normal(Span<float> destination) => destination.Clear();

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => destination.Clear();
    }
}

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

    /// <summary>With z = 0 the SDE's mean goes its own way; but where the noise is the one that the network names, it stays on the path.</summary>
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

using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>diffusers' EDMDPMSolverMultistepScheduler: DPM++ 2M and 3M, ODE or SDE, under the preconditioning of Karras et al. 2022.</summary>
internal sealed class EDMDPMSolverMultistep : DpmMultistep
{
    private EDMDPMSolverMultistep(SolverTables tables, DpmOptions options)
        : base(tables, options, tables.Sigmas[^1] == 0)
    {
    }

    public static EDMDPMSolverMultistep Create(SamplerConfig config, SamplerRun run)
    {
        var options = DpmOptions.Read(config);
        if (options.PredictsNoise)
            throw new NotSupportedException($"algorithm_type '{config.AlgorithmType}' is unknown here; known are dpmsolver++, sde-dpmsolver++.");
        double min = config.SigmaMin ?? 0.002, max = config.SigmaMax ?? 80;
        float[] sigmas = ContinuousSigmas.Create(config, run.Steps, min, max, "karras");
        var type = PredictionTypeNames.Parse(config.PredictionType);
        var tables = PreconditionedTables.Create(
            nameof(EDMDPMSolverMultistep), config, run, sigmas, min, max, config.SigmaData ?? 0.5, type, sigma => 0.25f * MathF.Log(sigma));
        return new(tables, options);
    }
}

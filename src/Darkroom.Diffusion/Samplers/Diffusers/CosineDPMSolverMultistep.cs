using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>
/// diffusers' CosineDPMSolverMultistepScheduler (Stable Audio): DPM++ 2M SDE under Karras' preconditioning, timesteps 2·atan(σ)/π, noise from a
/// Brownian tree over the configured range.
/// </summary>
internal sealed class CosineDPMSolverMultistep : DpmMultistep, ISampler
{
    private readonly (double Min, double Max) range;

    private CosineDPMSolverMultistep(SolverTables tables, DpmOptions options, (double Min, double Max) range)
        : base(tables, options, tables.Sigmas[^1] == 0) => this.range = range;

    public static CosineDPMSolverMultistep Create(SamplerConfig config, SamplerRun run)
    {
        var options = DpmOptions.Read(config with { AlgorithmType = "sde-dpmsolver++" });
        if (options.Order > 2)
            throw new NotSupportedException($"solver_order {options.Order} is unknown; known are 1, 2.");
        double min = config.SigmaMin ?? 0.3, max = config.SigmaMax ?? 500;
        float[] sigmas = ContinuousSigmas.Create(config, run.Steps, min, max, "exponential");
        var type = PredictionTypeNames.Parse(config.PredictionType ?? "v_prediction");
        var tables = PreconditionedTables.Create(
            nameof(CosineDPMSolverMultistep), config with { Thresholding = false }, run, sigmas, min, max, config.SigmaData ?? 1, type,
            sigma => MathF.Atan(sigma) / MathF.PI * 2);
        return new(tables, options, (min, max));
    }

    public (double Min, double Max) BrownianRange => range;

    protected override void Draw(int index, Span<float> z, INoiseSource noise) => noise.Increment(Sigmas[index], Sigmas[index + 1], z);
}

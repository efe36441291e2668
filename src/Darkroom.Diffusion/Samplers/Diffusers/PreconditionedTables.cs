using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Prediction;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>Tables of a model whose network sees x / √(σ² + σ_data²) and is told a function of σ (Karras et al. 2022, table 1).</summary>
internal static class PreconditionedTables
{
    /// <param name="className">For messages.</param>
    /// <param name="config">final_sigmas_type and thresholding.</param>
    /// <param name="run">Must ask for a count of steps.</param>
    /// <param name="sigmas">The levels without the last.</param>
    /// <param name="min">sigma_min.</param>
    /// <param name="max">sigma_max.</param>
    /// <param name="sigmaData">Spread of the training data.</param>
    /// <param name="type">epsilon or v.</param>
    /// <param name="timestep">What the network is told of a level.</param>
    public static SolverTables Create(
        string className, SamplerConfig config, SamplerRun run, float[] sigmas, double min, double max, double sigmaData,
        PredictionType type, Func<float, float> timestep)
    {
        ClassOptions.NoCustom(run, className);
        double last = SolverSchedule.EndsInZero(config.FinalSigmasType) ? 0 : (float)min;
        double[] all = [.. sigmas.Select(sigma => (double)sigma), last];
        return new()
        {
            Timesteps = [.. sigmas.Select(sigma => (double)timestep(sigma))],
            Sigmas = all,
            Levels = Array.ConvertAll(all, NoiseLevel.VarianceExploding),
            Denoised = [.. sigmas.Select(sigma => OutputMix.Preconditioned(type, sigma, sigmaData))],
            InitialScale = Math.Sqrt(max * max + 1),
            InputScales = [.. sigmas.Select(sigma => 1 / Math.Sqrt((double)sigma * sigma + sigmaData * sigmaData))],
            Thresholding = SolverTables.ThresholdingOf(config),
        };
    }
}

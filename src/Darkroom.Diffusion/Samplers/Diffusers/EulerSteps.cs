using Darkroom.Diffusion.Configuration;
using Darkroom.Diffusion.Schedules;

namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>EulerDiscrete's schedule, the one with most options.</summary>
/// <param name="Timesteps">n values.</param>
/// <param name="Sigmas">The levels; n + 1 values, n + 2 under log_linear.</param>
/// <param name="Spacing">The timestep_spacing used.</param>
internal sealed record EulerSteps(double[] Timesteps, double[] Sigmas, string Spacing)
{
    public static EulerSteps Make(SamplerConfig config, SamplerRun run)
    {
        float[] alphas = BetaSchedule.AlphasCumprod(config, supportsZeroSnr: true, DiffusersSigmas.LastAlphaOfZeroSnr);
        float[] training = DiffusersSigmas.Training(alphas);
        bool continuous = TimestepType(config) == "continuous" && config.PredictionType == "v_prediction";
        if (run.Timesteps is not null && (run.Sigmas is not null || continuous))
            throw new NotSupportedException(
                "EulerDiscrete takes custom timesteps neither with custom sigmas nor with timestep_type 'continuous' and v_prediction.");
        var (timesteps, sigmas) = run.Sigmas is { } custom ? Custom(custom, training) : Spaced(config, run, training);
        if (continuous)
            timesteps = [.. sigmas.SkipLast(1).Select(sigma => (double)(0.25f * MathF.Log(sigma)))];
        return new(Array.ConvertAll(timesteps, t => (double)(float)t), Array.ConvertAll(sigmas, s => (double)s), SigmaSteps.SpacingOf(config));
    }

    private static (double[] Timesteps, float[] Sigmas) Custom(IReadOnlyList<double> sigmas, float[] training)
    {
        if (sigmas.Count < 2)
            throw new NotSupportedException("EulerDiscrete needs at least two custom sigmas; the last is where the run ends.");
        var table = new LogSigmaTable(training);
        float[] single = [.. sigmas.Select(s => (float)s)];
        return ([.. single.SkipLast(1).Select(s => table.TimestepOf(s))], single);
    }

    private static (double[] Timesteps, float[] Sigmas) Spaced(SamplerConfig config, SamplerRun run, float[] training)
    {
        double[] timesteps = SigmaSteps.TimestepsOf(config, run, single: true);
        int count = timesteps.Length;
        double[] sigmas = config.InterpolationType switch
        {
            null or "linear" => DiffusersSigmas.Interpolate(timesteps, training),
            // One level more than there are steps: the run ends above the closing sigma, as diffusers' does.
            "log_linear" => SigmaRules.Exponential(count + 1, training[0], training[^1]),
            var other => throw new NotSupportedException($"interpolation_type '{other}' is unknown; known are linear, log_linear."),
        };
        double max = config.SigmaMax ?? sigmas[0], min = config.SigmaMin ?? sigmas[^1];
        if (DiffusersSigmas.Respaced(config, count, max, min) is { } respaced)
        {
            var table = new LogSigmaTable(training);
            sigmas = respaced;
            timesteps = Array.ConvertAll(sigmas, table.TimestepOf);
        }
        return (timesteps, [.. sigmas.Select(s => (float)s), FinalSigma(config, training)]);
    }

    private static float FinalSigma(SamplerConfig config, float[] training) => config.FinalSigmasType switch
    {
        null or "zero" => 0,
        "sigma_min" => training[0],
        var other => throw new NotSupportedException($"final_sigmas_type '{other}' is unknown; known are zero, sigma_min."),
    };

    private static string TimestepType(SamplerConfig config) => config.TimestepType switch
    {
        null or "discrete" => "discrete",
        "continuous" => "continuous",
        var other => throw new NotSupportedException($"timestep_type '{other}' is unknown; known are discrete, continuous."),
    };
}

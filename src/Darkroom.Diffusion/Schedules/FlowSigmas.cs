using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// Timesteps and noise levels of a rectified-flow model, x = (1 − σ)·x₀ + σ·ε, as diffusers' FlowMatch classes make them: spread, shift, stretch,
/// respace, perhaps turn round.
/// </summary>
/// <param name="Timesteps">n values, σ times the number of training timesteps unless the run brought its own.</param>
/// <param name="Sigmas">n + 1 float32 values; the last is 0, or 1 where the model counts upwards.</param>
public sealed record FlowSigmas(double[] Timesteps, double[] Sigmas)
{
    /// <exception cref="NotSupportedException">Dynamic shifting without <see cref="SamplerRun.Mu"/>, or lists of different lengths.</exception>
    public static FlowSigmas Make(SamplerConfig config, SamplerRun run)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(run);
        int trained = config.NumTrainTimesteps ?? 1000;
        double[] sigmas = Spread(config, run, trained);
        // Lists of the caller are float32 in diffusers and every operation on them rounds; its own are double until the end.
        Func<double, double> round = run.Sigmas is null && run.Timesteps is null ? v => v : v => (float)v;
        sigmas = Array.ConvertAll(sigmas, Shift(config, run, round).Invoke);
        // 0 means none, as for null: the reference tests for truth.
        if (config.ShiftTerminal is { } terminal && terminal != 0)
        {
            double scale = round(round(1 - sigmas[^1]) / round(1 - terminal));
            sigmas = Array.ConvertAll(sigmas, s => round(1 - round(round(1 - s) / scale)));
        }
        sigmas = DiffusersSigmas.Respaced(config, sigmas.Length, sigmas[0], sigmas[^1]) ?? sigmas;

        float[] single = Array.ConvertAll(sigmas, s => (float)s);
        bool invert = config.InvertSigmas == true;
        if (invert)
            single = Array.ConvertAll(single, s => 1 - s);
        double[] timesteps = run.Timesteps is { } own && !invert
            ? [.. own.Select(t => (double)(float)t)]
            : Array.ConvertAll(single, s => (double)(s * trained));
        return new(timesteps, [.. single.Select(s => (double)s), invert ? 1 : 0]);
    }

    /// <summary>The levels before any run-time shift.</summary>
    private static double[] Spread(SamplerConfig config, SamplerRun run, int trained)
    {
        if (run.Sigmas is { } sigmas && run.Timesteps is { } both && sigmas.Count != both.Count)
            throw new NotSupportedException($"Custom sigmas ({sigmas.Count}) and timesteps ({both.Count}) must be equally many.");
        if ((run.Sigmas ?? run.Timesteps) is { Count: 0 })
            throw new NotSupportedException("Custom sigmas and timesteps must hold at least one value.");
        if (run.Sigmas is { } own)
            return [.. own.Select(s => (double)(float)s)];
        if (run.Timesteps is { } timesteps)
            return [.. timesteps.Select(t => (double)((float)t / trained))];

        ArgumentOutOfRangeException.ThrowIfLessThan(run.Steps, 1);
        // The ends are those of the training levels, which a fixed shift has moved already; it will move them again.
        double first = TrainingLevel(config, 1) * trained, last = TrainingLevel(config, 1f / trained) * trained;
        var result = new double[run.Steps];
        double step = run.Steps == 1 ? 0 : (last - first) / (run.Steps - 1);
        for (int i = 0; i < result.Length; i++)
            result[i] = (i > 0 && i == result.Length - 1 ? last : first + i * step) / trained;
        return result;
    }

    private static double TrainingLevel(SamplerConfig config, float sigma)
    {
        if (config.UseDynamicShifting == true) return sigma;
        double shift = config.Shift ?? 1;
        return (float)shift * sigma / (1 + (float)(shift - 1) * sigma);
    }

    /// <summary>σ → shift·σ/(1 + (shift − 1)·σ), or by μ: m/(m + 1/σ − 1) with m = e^μ or μ itself (Esser et al. 2024, section 5.3.2).</summary>
    private static Func<double, double> Shift(SamplerConfig config, SamplerRun run, Func<double, double> round)
    {
        if (config.UseDynamicShifting == true)
        {
            double mu = run.Mu ?? throw new NotSupportedException("use_dynamic_shifting needs mu, which follows from the picture's size; none was given.");
            double m = round(config.TimeShiftType switch
            {
                null or "exponential" => Math.Exp(mu),
                "linear" => mu,
                var other => throw new NotSupportedException($"time_shift_type '{other}' is unknown; known are exponential, linear."),
            });
            return s => round(m / round(m + round(round(1 / s) - 1)));
        }
        double shift = round(config.Shift ?? 1), less = round((config.Shift ?? 1) - 1);
        return s => round(round(shift * s) / round(1 + round(less * s)));
    }
}

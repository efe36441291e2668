using Darkroom.Diffusion.Samplers;

namespace Darkroom.Diffusion.Schedules;

/// <summary>The noise levels of flow models as the exponential solvers lay them out; σ runs from 1 to 0 and is also timestep / training steps.</summary>
internal static class FlowSigmas
{
    /// <summary>Moves a level towards noise: s·σ / (1 + (s − 1)·σ).</summary>
    public static double Shift(double sigma, double shift) => shift * sigma / (1 + (shift - 1) * sigma);

    /// <summary>The shift in force: from the picture's size where the model shifts dynamically and a size was given, else the fixed one.</summary>
    /// <exception cref="NotSupportedException">time_shift_type is unknown.</exception>
    public static double ShiftOf(SamplerConfig config, double? mu)
    {
        if (!IsDynamic(config, mu))
            return config.FlowShift ?? 1;
        return (config.TimeShiftType ?? "exponential") switch
        {
            "exponential" => Math.Exp(mu!.Value),
            "linear" => mu!.Value,
            var other => throw new NotSupportedException($"time_shift_type '{other}' is unknown; known are exponential, linear."),
        };
    }

    /// <summary>n levels at equal distances above 0 up to 1 − 1/T, shifted (DPM-Solver, DEIS, SA-Solver).</summary>
    public static double[] BelowOne(int steps, int trained, double shift)
    {
        double part = (1.0 / trained - 1) / steps;
        return [.. Enumerable.Range(0, steps).Select(i => Shift(i == 0 ? 1 - 1.0 / trained : 1 - (1 + (steps - i) * part), shift))];
    }

    /// <summary>
    /// n levels from 1 on, the (n+1)th at 1/T left out, or the given ones; shifted and, with shift_terminal, stretched to end there (UniPC).
    /// </summary>
    public static double[] FromOne(int steps, int trained, SamplerConfig config, SamplerRun run)
    {
        double part = (1.0 / trained - 1) / steps, shift = ShiftOf(config, run.Mu);
        // One formula written in two ways: which side of an integer a level times T falls on hangs on the last digit.
        Converter<double, double> move = IsDynamic(config, run.Mu) ? sigma => shift / (shift + (1 / sigma - 1)) : sigma => Shift(sigma, shift);
        double[] sigmas = Array.ConvertAll(run.Sigmas?.ToArray() ?? [.. Enumerable.Range(0, steps).Select(i => 1 + i * part)], move);
        if (config.ShiftTerminal is { } end and not 0)
        {
            double scale = (1 - sigmas[^1]) / (1 - end);
            for (int i = 0; i < sigmas.Length; i++)
                sigmas[i] = 1 - (1 - sigmas[i]) / scale;
        }
        // At σ = 1 nothing is left of the picture and λ is −∞.
        if (Math.Abs(sigmas[0] - 1) < 1e-6)
            sigmas[0] -= 1e-6;
        return sigmas;
    }

    private static bool IsDynamic(SamplerConfig config, double? mu) => config.UseDynamicShifting == true && mu is not null;
}

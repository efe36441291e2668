using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// The noise levels of flow models as the exponential solvers lay them out, falling, without the last; a level is also timestep / training steps.
/// The order of operations is numpy's: which side of an integer a level times the training steps falls on hangs on the last digit.
/// </summary>
internal static class SolverFlowSigmas
{
    /// <param name="config">flow_shift, use_dynamic_shifting, time_shift_type, shift_terminal.</param>
    /// <param name="run">Mu, and for UniPC perhaps the levels themselves.</param>
    /// <param name="steps">1…</param>
    /// <param name="fromOne">
    /// UniPC's: from 1 on, the (n+1)th at 1/T left out, and stretched where shift_terminal says so. Else DPM-Solver's, DEIS' and SA-Solver's:
    /// at equal distances above 0, up to 1 − 1/T.
    /// </param>
    /// <exception cref="NotSupportedException">time_shift_type is unknown.</exception>
    public static double[] Create(SamplerConfig config, SamplerRun run, int steps, bool fromOne)
    {
        double end = 1.0 / (config.NumTrainTimesteps ?? 1000), part = (end - 1) / steps;
        double[] sigmas = fromOne
            ? [.. run.Sigmas ?? [.. Enumerable.Range(0, steps).Select(i => 1 + i * part)]]
            : [.. Enumerable.Range(0, steps).Select(i => i == 0 ? 1 - end : 1 - (1 + (steps - i) * part))];

        double? dynamic = config.UseDynamicShifting == true && run.Mu is { } mu ? Moved(config.TimeShiftType, mu) : null;
        double shift = dynamic ?? config.FlowShift ?? 1;
        sigmas = fromOne && dynamic is not null
            ? Array.ConvertAll(sigmas, sigma => shift / (shift + (1 / sigma - 1)))
            : Array.ConvertAll(sigmas, sigma => shift * sigma / (1 + (shift - 1) * sigma));
        return fromOne ? Ended(sigmas, config.ShiftTerminal) : sigmas;
    }

    private static double Moved(string? timeShiftType, double mu) => timeShiftType switch
    {
        null or "exponential" => Math.Exp(mu),
        "linear" => mu,
        _ => throw new NotSupportedException($"time_shift_type '{timeShiftType}' is unknown; known are exponential, linear."),
    };

    private static double[] Ended(double[] sigmas, double? terminal)
    {
        if (terminal is { } end and not 0)
        {
            double scale = (1 - sigmas[^1]) / (1 - end);
            sigmas = Array.ConvertAll(sigmas, sigma => 1 - (1 - sigma) / scale);
        }
        // At σ = 1 nothing is left of the picture and λ is −∞.
        if (Math.Abs(sigmas[0] - 1) < 1e-6)
            sigmas[0] -= 1e-6;
        return sigmas;
    }
}

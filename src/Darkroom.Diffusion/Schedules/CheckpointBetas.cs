using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>A configuration's betas in double, as training code computes them before a checkpoint is written.</summary>
internal static class CheckpointBetas
{
    /// <exception cref="NotSupportedException">The beta schedule is unknown; the message names it.</exception>
    public static double[] Of(SamplerConfig config)
    {
        if (config.TrainedBetas is { } trained) return trained;
        int count = config.NumTrainTimesteps ?? 1000;
        double start = config.BetaStart ?? 0.0001, end = config.BetaEnd ?? 0.02;
        return (config.BetaSchedule ?? "linear") switch
        {
            "linear" => Linspace(start, end, count),
            "scaled_linear" => Array.ConvertAll(Linspace(Math.Sqrt(start), Math.Sqrt(end), count), b => b * b),
            "squaredcos_cap_v2" => Cosine(count),
            "sigmoid" => Array.ConvertAll(Linspace(-6, 6, count), x => 1 / (1 + Math.Exp(-x)) * (end - start) + start),
            var other => throw new NotSupportedException(
                $"beta_schedule '{other}' is unknown; known are linear, scaled_linear, squaredcos_cap_v2, sigmoid."),
        };
    }

    /// <summary>numpy.linspace: counted from the start, the last value exact; one value is the start.</summary>
    internal static double[] Linspace(double start, double end, int count)
    {
        var result = new double[count];
        double step = count > 1 ? (end - start) / (count - 1) : 0;
        for (int i = 0; i < count; i++)
            result[i] = i * step + start;
        if (count > 1) result[^1] = end;
        return result;
    }

    /// <summary>Nichol and Dhariwal 2021: ᾱ(t) = cos²(π/2 · (t + 0.008)/1.008), each beta at most 0.999.</summary>
    private static double[] Cosine(int count)
    {
        static double Bar(double t) => Math.Pow(Math.Cos((t + 0.008) / 1.008 * Math.PI / 2), 2);
        var betas = new double[count];
        for (int i = 0; i < count; i++)
            betas[i] = Math.Min(1 - Bar((i + 1.0) / count) / Bar((double)i / count), 0.999);
        return betas;
    }
}

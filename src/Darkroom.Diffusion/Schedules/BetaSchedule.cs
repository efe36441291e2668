using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// The training noise of a variance-preserving model: betas and their running product, in float32 as torch computes them, since sigmas and
/// log-sigma tables built on them are compared to the last digits.
/// </summary>
public static class BetaSchedule
{
    /// <summary>alphas_cumprod of a configuration, one value per training timestep.</summary>
    /// <param name="config">beta_start, beta_end, beta_schedule, trained_betas, rescale_betas_zero_snr.</param>
    /// <param name="supportsZeroSnr">Whether the class knows <c>rescale_betas_zero_snr</c>.</param>
    /// <param name="lastOfZeroSnr">
    /// What the last value becomes under zero terminal SNR: 0 as the rescale leaves it, or 2⁻²⁴ where the class avoids an infinite sigma.
    /// </param>
    public static float[] AlphasCumprod(SamplerConfig config, bool supportsZeroSnr = false, float lastOfZeroSnr = 0)
    {
        ArgumentNullException.ThrowIfNull(config);
        float[] betas = Betas(config);
        bool zeroSnr = supportsZeroSnr && config.RescaleBetasZeroSnr == true;
        if (zeroSnr)
            betas = ZeroTerminalSnr(betas);
        float[] cumprod = CumulativeAlphas(betas);
        if (zeroSnr && lastOfZeroSnr > 0)
            cumprod[^1] = lastOfZeroSnr;
        return cumprod;
    }

    /// <summary>The betas of a configuration. Defaults are diffusers': 1000 steps, 0.0001 to 0.02, linear.</summary>
    /// <exception cref="NotSupportedException">The beta schedule is unknown; the message names it.</exception>
    public static float[] Betas(SamplerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.TrainedBetas is { } trained)
            return Array.ConvertAll(trained, b => (float)b);
        int count = config.NumTrainTimesteps ?? 1000;
        double start = config.BetaStart ?? 0.0001, end = config.BetaEnd ?? 0.02;
        switch (config.BetaSchedule ?? "linear")
        {
            case "linear":
                return Linspace((float)start, (float)end, count);
            case "scaled_linear":
                return Array.ConvertAll(Linspace((float)Math.Sqrt(start), (float)Math.Sqrt(end), count), b => b * b);
            case "squaredcos_cap_v2":
                return FromAlphaBar(count, t => Math.Pow(Math.Cos((t + 0.008) / 1.008 * Math.PI / 2), 2));
            case "exp":
                return FromAlphaBar(count, t => Math.Exp(-12 * t));
            case "laplace":
                return FromAlphaBar(count, Laplace);
            case "sigmoid":
                return Array.ConvertAll(Linspace(-6, 6, count), x => (float)(1 / (1 + MathF.Exp(-x)) * (float)(end - start) + (float)start));
            case var other:
                throw new NotSupportedException($"beta_schedule '{other}' is unknown; known are linear, scaled_linear, squaredcos_cap_v2, exp, laplace, sigmoid.");
        }
    }

    /// <summary>
    /// Betas moved so that the last timestep carries no signal at all: √ᾱ is shifted to end in 0 and scaled to keep its first value.
    /// Lin et al. 2024, "Common Diffusion Noise Schedules and Sample Steps Are Flawed", algorithm 1.
    /// </summary>
    public static float[] ZeroTerminalSnr(ReadOnlySpan<float> betas)
    {
        float[] root = Array.ConvertAll(CumulativeAlphas(betas), MathF.Sqrt);
        float first = root[0], last = root[^1];
        var result = new float[root.Length];
        float before = 1;
        for (int i = 0; i < root.Length; i++)
        {
            float shifted = (root[i] - last) * (first / (first - last));
            float bar = shifted * shifted;
            result[i] = 1 - (i == 0 ? bar : bar / before);
            before = bar;
        }
        return result;
    }

    /// <summary>∏(1 − β), summed up in double and stored as float32, as torch's cumprod does on the CPU.</summary>
    public static float[] CumulativeAlphas(ReadOnlySpan<float> betas)
    {
        var result = new float[betas.Length];
        double product = 1;
        for (int i = 0; i < betas.Length; i++)
        {
            product *= 1 - betas[i];
            result[i] = (float)product;
        }
        return result;
    }

    /// <summary>torch.linspace in float32: counted from the nearer end, multiplied and added with one rounding.</summary>
    internal static float[] Linspace(float start, float end, int count)
    {
        var result = new float[count];
        if (count == 1)
        {
            result[0] = start;
            return result;
        }
        float step = (end - start) / (count - 1);
        for (int i = 0; i < count; i++)
            result[i] = i < count / 2 ? MathF.FusedMultiplyAdd(step, i, start) : MathF.FusedMultiplyAdd(-step, count - 1 - i, end);
        return result;
    }

    /// <summary>β = 1 − ᾱ(next)/ᾱ(now) of a curve over 0…1, at most 0.999 (Nichol and Dhariwal 2021, section 3.2).</summary>
    private static float[] FromAlphaBar(int count, Func<double, double> bar)
    {
        var betas = new float[count];
        for (int i = 0; i < count; i++)
            betas[i] = (float)Math.Min(1 - bar((i + 1.0) / count) / bar((double)i / count), 0.999);
        return betas;
    }

    /// <summary>√(SNR/(1 + SNR)) with ln SNR laid out as a Laplace distribution (Hang et al. 2024); 1e-6 keeps the logarithm finite.</summary>
    private static double Laplace(double t)
    {
        double side = double.IsNegative(0.5 - t) ? -1 : 1;
        double snr = Math.Exp(-0.5 * side * Math.Log(1 - 2 * Math.Abs(0.5 - t) + 1e-6));
        return Math.Sqrt(snr / (1 + snr));
    }
}

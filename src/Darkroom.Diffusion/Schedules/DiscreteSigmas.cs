using Darkroom.Diffusion.Configuration;

namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// The training noise levels of a model as k-diffusion, A1111 and ComfyUI see them: σ = √((1 − ᾱ)/ᾱ), one for each training timestep. Betas and
/// their product are taken in double and stored as float32, as checkpoints are trained; diffusers' float32 way
/// (<see cref="BetaSchedule"/>) differs in the last digits.
/// </summary>
public sealed class DiscreteSigmas
{
    /// <summary>Last ᾱ under zero terminal SNR, in place of 0, in A1111 and ComfyUI: the largest σ is 4518.8.</summary>
    private const float LastOfZeroSnr = 4.8973451890853435e-8f;

    private readonly float[] sigmas;
    private readonly float[] logSigmas;

    /// <param name="alphasCumprod">ᾱ, falling, at least two.</param>
    public DiscreteSigmas(ReadOnlySpan<float> alphasCumprod)
        : this(new Rising(Array.ConvertAll(alphasCumprod.ToArray(), alpha => MathF.Sqrt((1 - alpha) / alpha)))) { }

    private DiscreteSigmas(Rising rising)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rising.Sigmas.Length, 2);
        sigmas = rising.Sigmas;
        logSigmas = Array.ConvertAll(sigmas, sigma => (float)Math.Log(sigma));
        Continuous = new ContinuousTime(new LogSigmaTable(sigmas));
        Quantized = new QuantizedTime(this);
    }

    /// <summary>The levels of a model's configuration. Defaults are diffusers'.</summary>
    /// <exception cref="NotSupportedException">The beta schedule is unknown; the message names it.</exception>
    public static DiscreteSigmas Of(SamplerConfig config) => new(AlphasCumprod(config));

    /// <summary>ᾱ from betas in double, stored as float32.</summary>
    public static float[] AlphasCumprod(SamplerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        double[] betas = CheckpointBetas.Of(config);
        var result = new float[betas.Length];
        double product = 1;
        for (int i = 0; i < betas.Length; i++)
            result[i] = (float)(product *= 1 - betas[i]);
        if (config.RescaleBetasZeroSnr == true)
            ZeroTerminalSnr(result);
        return result;
    }

    /// <summary>Rising, one per training timestep.</summary>
    public ReadOnlySpan<float> Sigmas => sigmas;

    public ReadOnlySpan<float> LogSigmas => logSigmas;

    public int Count => sigmas.Length;

    public double Min => sigmas[0];

    public double Max => sigmas[^1];

    /// <summary>Timesteps between the training steps, linear in log σ, clamped to 0…T−1 (A1111).</summary>
    public ISigmaTime Continuous { get; }

    /// <summary>The training step whose log σ is nearest (ComfyUI, and A1111's quantization option).</summary>
    public ISigmaTime Quantized { get; }

    /// <summary>σ at a timestep 0…T−1, linear in log σ between two training steps, in float32 as k-diffusion works.</summary>
    public double SigmaAt(double timestep)
    {
        float t = Math.Clamp((float)timestep, 0, Count - 1);
        int low = (int)MathF.Floor(t), high = (int)MathF.Ceiling(t);
        float weight = t - low;
        float left = (1 - weight) * logSigmas[low], right = weight * logSigmas[high];
        return (float)Math.Exp(left + right);
    }

    /// <summary>Index of the training level whose logarithm is nearest; the lower of two equals.</summary>
    public int NearestTo(double sigma)
    {
        float log = (float)Math.Log(sigma);
        int at = Array.BinarySearch(logSigmas, log);
        if (at >= 0) return at;
        int above = Math.Min(~at, Count - 1), below = Math.Max(~at - 1, 0);
        return MathF.Abs(log - logSigmas[below]) <= MathF.Abs(log - logSigmas[above]) ? below : above;
    }

    /// <summary>Every <paramref name="step"/>-th level, counted from the largest.</summary>
    public DiscreteSigmas Every(int step) => new(new Rising([.. sigmas.Where((_, i) => (Count - 1 - i) % step == 0)]));

    /// <summary>Lin et al. 2024, algorithm 1, on √ᾱ in float32: shifted to end in 0, scaled to keep its first value.</summary>
    private static void ZeroTerminalSnr(Span<float> alphas)
    {
        float first = MathF.Sqrt(alphas[0]), last = MathF.Sqrt(alphas[^1]);
        foreach (ref float alpha in alphas)
        {
            float root = (MathF.Sqrt(alpha) - last) * (first / (first - last));
            alpha = root * root;
        }
        alphas[^1] = LastOfZeroSnr;
    }

    /// <summary>Sets levels apart from ᾱ, which are float32 lists too.</summary>
    private readonly record struct Rising(float[] Sigmas);

    private sealed class ContinuousTime(LogSigmaTable table) : ISigmaTime
    {
        public double TimestepOf(double sigma) => table.TimestepOf(sigma);
    }

    private sealed class QuantizedTime(DiscreteSigmas sigmas) : ISigmaTime
    {
        public double TimestepOf(double sigma) => sigmas.NearestTo(sigma);
    }
}

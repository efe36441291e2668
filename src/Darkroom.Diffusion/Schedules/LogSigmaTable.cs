namespace Darkroom.Diffusion.Schedules;

/// <summary>
/// Noise level to fractional timestep by linear interpolation in log σ, over the training sigmas. The table is float32 and the rest double, as
/// diffusers does it: where a class truncates the timestep afterwards, the last digit decides which integer comes out.
/// </summary>
public sealed class LogSigmaTable
{
    private readonly float[] logSigmas;

    /// <param name="sigmas">The training sigmas, rising, one per training timestep, at least two.</param>
    public LogSigmaTable(ReadOnlySpan<float> sigmas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sigmas.Length, 2);
        logSigmas = new float[sigmas.Length];
        for (int i = 0; i < sigmas.Length; i++)
            logSigmas[i] = (float)Math.Log(sigmas[i]);
    }

    /// <summary>The timestep of <paramref name="sigma"/>, 0…T−1, clamped at both ends.</summary>
    public double TimestepOf(double sigma)
    {
        double log = Math.Log(Math.Max(sigma, 1e-10));
        int low = LastNotAbove(log);
        float a = logSigmas[low], b = logSigmas[low + 1];
        double weight = Math.Clamp((a - log) / (a - b), 0, 1);
        return (1 - weight) * low + weight * (low + 1);
    }

    /// <summary>The last entry that is not above <paramref name="log"/>, but never the table's last, since its neighbour is needed too.</summary>
    private int LastNotAbove(double log)
    {
        int low = 0, high = logSigmas.Length - 1;
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (logSigmas[middle] <= log) low = middle;
            else high = middle;
        }
        return low;
    }
}

using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Guidance;

/// <summary>
/// Takes back the contrast that a high guidance scale adds (Lin et al. 2024, "Common Diffusion Noise Schedules and Sample Steps Are Flawed",
/// section 3.4): the guided output is scaled towards the standard deviation of the conditional one.
/// </summary>
public static class GuidanceRescale
{
    /// <summary>guided ← φ · guided · std(cond) / std(guided) + (1 − φ) · guided</summary>
    /// <param name="guided">The guided output of one row, changed in place.</param>
    /// <param name="cond">The network's output for the prompt.</param>
    /// <param name="rescale">φ, 0…1; 0 changes nothing.</param>
    public static void Apply(Span<float> guided, ReadOnlySpan<float> cond, double rescale)
    {
        if (rescale == 0) return;
        double deviation = Deviation(guided);
        // A constant output has no contrast to take back.
        if (deviation > 0) TensorPrimitives.Multiply(guided, (float)(rescale * Deviation(cond) / deviation + (1 - rescale)), guided);
    }

    /// <summary>The unbiased standard deviation over a row, in double.</summary>
    private static double Deviation(ReadOnlySpan<float> values)
    {
        double mean = 0, squares = 0;
        foreach (float value in values)
            mean += value;
        mean /= values.Length;
        foreach (float value in values)
            squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (values.Length - 1));
    }
}

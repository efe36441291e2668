using System.Numerics;

namespace Darkroom.Diffusion.Guidance;

/// <summary>Classifier-free guidance (Ho and Salimans 2022): away from the network's answer without the prompt, towards the one with it.</summary>
public static class ClassifierFreeGuidance
{
    /// <summary>result ← uncond + scale · (cond − uncond)</summary>
    /// <param name="result">May be either argument.</param>
    /// <param name="uncond">The network's output for the negative prompt.</param>
    /// <param name="cond">Its output for the prompt, same length.</param>
    /// <param name="scale">1 gives <paramref name="cond"/>.</param>
    public static void Apply(Span<float> result, ReadOnlySpan<float> uncond, ReadOnlySpan<float> cond, double scale)
    {
        if (uncond.Length != result.Length || cond.Length != result.Length)
            throw new ArgumentException($"Outputs of {uncond.Length} and {cond.Length} values for {result.Length}.");
        float factor = (float)scale;
        int i = 0, width = Vector<float>.Count;
        for (; i <= result.Length - width; i += width)
        {
            var from = new Vector<float>(uncond[i..]);
            (from + (new Vector<float>(cond[i..]) - from) * factor).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++)
            result[i] = uncond[i] + (cond[i] - uncond[i]) * factor;
    }
}

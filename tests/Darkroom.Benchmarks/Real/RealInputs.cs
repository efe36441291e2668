using Darkroom.Diffusion.Noise;

namespace Darkroom.Benchmarks.Real;

/// <summary>What the calls are given.</summary>
internal static class RealInputs
{
    public const float Timestep = 500;

    /// <summary>Without guidance, and with.</summary>
    public static IReadOnlyList<string> Texts { get; } = ["", "a lighthouse"];

    public static float[] Latents(int count)
    {
        var values = new float[count];
        new PhiloxGenerator(1).Normal(values);
        return values;
    }
}

namespace Darkroom.Diffusion.Samplers.KDiffusion;

/// <summary>
/// k-diffusion keeps t = −ln σ in float32 and asks its Brownian tree at exp(−t), which may differ from σ in the last digit; the tree's answer
/// differs with it. These give the numbers that are asked.
/// </summary>
internal static class Float32Log
{
    public static float T(double sigma) => -(float)Math.Log((float)sigma);

    public static double Sigma(float t) => (float)Math.Exp(-t);

    /// <summary>σ there and back.</summary>
    public static double Round(double sigma) => Sigma(T(sigma));
}

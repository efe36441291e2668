namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A step's end split into the level it goes down to and the fresh noise that brings it up again: down² + up² = next².</summary>
internal static class AncestralLevels
{
    /// <summary>
    /// up² = next²·(σ² − next²)/σ², the variance that the reversed process of training would add. In float32 like diffusers: after a very
    /// large σ the lower level is a small difference of large squares, and its error shows.
    /// </summary>
    public static (double Down, double Up) Split(double sigma, double next)
    {
        float s = (float)sigma, n = (float)next;
        float up = Math.Min(n, MathF.Sqrt(n * n * (s * s - n * n) / (s * s)));
        return (MathF.Sqrt(n * n - up * up), up);
    }
}

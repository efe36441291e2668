namespace Darkroom.Diffusion.Samplers.Diffusers;

/// <summary>A step's end split into the level it goes down to and the fresh noise that brings it up again: down² + up² = next².</summary>
internal static class AncestralLevels
{
    /// <summary>up² = next²·(σ² − next²)/σ², the variance that the reversed process of training would add.</summary>
    public static (double Down, double Up) Split(double sigma, double next)
    {
        double up = Math.Sqrt(next * next * (sigma * sigma - next * next) / (sigma * sigma));
        return (Math.Sqrt(next * next - up * up), up);
    }
}

using Darkroom.Diffusion.Samplers;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// How a network that sees no mask is led to continue what stands, instead of drawing something of its own across the edge of it. Two things do it
/// (docs/decisions/0007): what stands is shown ahead of the noise, so that it is known while the large forms of the new area are decided; and where the
/// mask falls off, a cell is let go the later the darker it is, so that what is near to the new area may still be finished together with it.
/// </summary>
/// <param name="freedom">How free each cell is, 0…1. // [h, w]</param>
internal sealed class Continuation(float[] freedom)
{
    /// <summary>The share of a call's timestep that what stands is noised to: at 1 objects of the new area end at its edge, cut.</summary>
    private const double Share = 0.5;

    /// <summary>The mask for the call at <paramref name="index"/>: 1 where the latents are free. // [h, w]</summary>
    /// <param name="index">In the sampler's timesteps; null after the last call.</param>
    public void Write(Span<float> mask, ISampler sampler, int? index)
    {
        double left = index is { } at ? 1 - (double)at / sampler.Timesteps.Count : 0;
        for (int cell = 0; cell < mask.Length; cell++) mask[cell] = freedom[cell] > left || freedom[cell] == 1 ? 1 : 0;
    }

    /// <summary>The call whose noise what stands has at the call <paramref name="index"/>: the one nearest to half of its timestep.</summary>
    public static int Ahead(ISampler sampler, int index)
    {
        var timesteps = sampler.Timesteps;
        double wanted = timesteps[index] * Share;
        int nearest = index;
        // Timesteps need not fall all the way (restart), so all that follow are looked at; EDM's may be negative, and are then their own nearest.
        for (int i = index + 1; i < timesteps.Count; i++)
            if (Math.Abs(timesteps[i] - wanted) < Math.Abs(timesteps[nearest] - wanted)) nearest = i;
        return nearest;
    }
}

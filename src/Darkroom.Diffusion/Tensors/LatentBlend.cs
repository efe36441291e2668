using System.Numerics;

namespace Darkroom.Diffusion.Tensors;

/// <summary>Inpainting with a model that has no mask input: after every step, what is to be kept is put back around what is painted.</summary>
public static class LatentBlend
{
    /// <summary>latents ← (1 − mask) · kept + mask · latents</summary>
    /// <param name="latents">The row's latents, changed in place. // [C, h, w]</param>
    /// <param name="kept">The original, noised to the level that the latents are at now. // [C, h, w]</param>
    /// <param name="mask">1 where is painted, 0 where is kept; one plane for all channels. // [1, h, w]</param>
    /// <param name="shape">Shape of the latents.</param>
    public static void Apply(Span<float> latents, ReadOnlySpan<float> kept, ReadOnlySpan<float> mask, LatentShape shape)
    {
        int plane = shape.Height * shape.Width;
        if (latents.Length != shape.Length || kept.Length != shape.Length || mask.Length != plane)
            throw new ArgumentException($"Latents of {latents.Length}, {kept.Length} values and a mask of {mask.Length} for {shape}.");
        for (int channel = 0; channel < shape.Channels; channel++)
            Plane(latents.Slice(channel * plane, plane), kept.Slice(channel * plane, plane), mask);
    }

    private static void Plane(Span<float> latents, ReadOnlySpan<float> kept, ReadOnlySpan<float> mask)
    {
        int i = 0, width = Vector<float>.Count;
        for (; i <= mask.Length - width; i += width)
        {
            var share = new Vector<float>(mask[i..]);
            ((Vector<float>.One - share) * new Vector<float>(kept[i..]) + share * new Vector<float>(latents[i..])).CopyTo(latents[i..]);
        }
        for (; i < mask.Length; i++)
            latents[i] = (1 - mask[i]) * kept[i] + mask[i] * latents[i];
    }
}

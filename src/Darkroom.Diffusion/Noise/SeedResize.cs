using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// A1111's "resize seed from": the noise that a seed gives at another size is laid, centred, over the noise at the wanted size, so that a picture
/// keeps its composition when its size changes.
/// </summary>
public static class SeedResize
{
    /// <param name="noise">In: the noise at the wanted size, drawn afresh. Out: with the other in its middle.</param>
    /// <param name="shape">The wanted size.</param>
    /// <param name="source">The noise at the size the seed is known for.</param>
    /// <param name="sourceShape">That size; as many channels.</param>
    public static void Paste(Span<float> noise, LatentShape shape, ReadOnlySpan<float> source, LatentShape sourceShape)
    {
        if (noise.Length != shape.Length || source.Length != sourceShape.Length || shape.Channels != sourceShape.Channels)
            throw new ArgumentException($"Noise of {noise.Length} values as {shape} cannot take {source.Length} values as {sourceShape}.");
        var (left, sourceLeft, width) = Centre(shape.Width, sourceShape.Width);
        var (top, sourceTop, height) = Centre(shape.Height, sourceShape.Height);
        for (int channel = 0; channel < shape.Channels; channel++)
        {
            for (int y = 0; y < height; y++)
            {
                int from = (channel * sourceShape.Height + sourceTop + y) * sourceShape.Width + sourceLeft;
                int to = (channel * shape.Height + top + y) * shape.Width + left;
                source.Slice(from, width).CopyTo(noise[to..]);
            }
        }
    }

    /// <summary>
    /// Where a stretch of one size starts in the other, and how much of it is used. The half of an odd difference is rounded down, also below zero.
    /// </summary>
    private static (int Target, int Source, int Length) Centre(int size, int sourceSize)
    {
        int offset = (size - sourceSize) >> 1;
        return offset >= 0 ? (offset, 0, sourceSize) : (0, -offset, Math.Max(0, sourceSize + 2 * offset));
    }
}

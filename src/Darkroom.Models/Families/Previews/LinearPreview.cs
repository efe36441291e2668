using System.Numerics.Tensors;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Models.Families.Previews;

/// <summary>Every latent cell becomes one pixel: red, green and blue, or a grey, are sums over the channels.</summary>
/// <param name="factors">Red, green and blue for a channel, or a grey, one line for each. // [C, 3] or [C, 1]</param>
/// <param name="offsets">Red, green and blue of latents that are 0; null: 0.</param>
public sealed class LinearPreview(float[][] factors, float[]? offsets = null) : ILatentPreview
{
    public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Channels, factors.Length);
        int cells = shape.Height * shape.Width, colours = factors[0].Length;
        var values = new float[colours * cells]; // [3 or 1, h, w]
        for (int colour = 0; offsets is not null && colour < colours; colour++) values.AsSpan(colour * cells, cells).Fill(offsets[colour]);
        for (int channel = 0; channel < factors.Length; channel++)
            for (int colour = 0; colour < colours; colour++)
            {
                var plane = values.AsSpan(colour * cells, cells);
                TensorPrimitives.MultiplyAdd(latents.Span.Slice(channel * cells, cells), factors[channel][colour], plane, plane);
            }
        return new DecodedPicture(shape.Width, shape.Height, values);
    }

    public void Dispose() { }
}

using System.Numerics.Tensors;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Models.Families.Previews;

/// <summary>Every latent cell becomes one pixel: red, green and blue are sums over the channels.</summary>
/// <param name="factors">Red, green and blue for a channel, one line for each. // [C, 3]</param>
/// <param name="offsets">Red, green and blue of latents that are 0; null: 0.</param>
public sealed class LinearPreview(float[][] factors, float[]? offsets = null) : ILatentPreview
{
    public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Channels, factors.Length);
        int cells = shape.Height * shape.Width;
        var values = new float[3 * cells]; // [3, h, w]
        for (int colour = 0; offsets is not null && colour < 3; colour++) values.AsSpan(colour * cells, cells).Fill(offsets[colour]);
        for (int channel = 0; channel < factors.Length; channel++)
            for (int colour = 0; colour < 3; colour++)
            {
                var plane = values.AsSpan(colour * cells, cells);
                TensorPrimitives.MultiplyAdd(latents.Span.Slice(channel * cells, cells), factors[channel][colour], plane, plane);
            }
        return new DecodedPicture(shape.Width, shape.Height, values);
    }

    public void Dispose() { }
}

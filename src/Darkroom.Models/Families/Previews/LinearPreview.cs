using System.Numerics.Tensors;
using Darkroom.Diffusion.Tensors;

namespace Darkroom.Models.Families.Previews;

/// <summary>Every latent cell becomes one pixel: red, green and blue are sums over the channels.</summary>
/// <param name="factors">Red, green and blue for a channel, one line for each. // [C, 3]</param>
public sealed class LinearPreview(float[][] factors) : ILatentPreview
{
    /// <summary>
    /// The latents of Stable Diffusion 1.x and 2.x, which have one autoencoder, at its scale of 0.18215. The factors were fitted to Stable Diffusion 1.4 and
    /// published in Hugging Face's forum, topic 23204, "Decoding latents to RGB without upscaling".
    /// </summary>
    public static LinearPreview StableDiffusion => new(
    [
        [0.298f, 0.207f, 0.208f],
        [0.187f, 0.286f, 0.173f],
        [-0.158f, 0.189f, 0.264f],
        [-0.184f, -0.271f, -0.473f],
    ]);

    public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shape.Channels, factors.Length);
        int cells = shape.Height * shape.Width;
        var values = new float[3 * cells]; // [3, h, w]
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

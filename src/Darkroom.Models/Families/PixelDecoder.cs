using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>The decoder of a model without an autoencoder: its latents are the pixels.</summary>
internal sealed class PixelDecoder : ILatentDecoder
{
    public string Name => "pixels";

    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width) =>
        [.. latents.Select(pixels => new DecodedPicture(shape.Width, shape.Height, pixels.ToArray()))];
}

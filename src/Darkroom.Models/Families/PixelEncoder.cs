using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>The encoder of a model without an autoencoder: its latents are the pixels, and nothing is drawn.</summary>
internal sealed class PixelEncoder : ILatentEncoder
{
    public string Name => "pixels";

    public IReadOnlyList<EncodedPicture> Encode(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run) =>
        [.. pictures.Select(pixels => new EncodedPicture(pixels.ToArray(), areMoments: false, scaling: 1, shift: 0))];
}

using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>The encoder of a model without an autoencoder: pictures are its latents as they are.</summary>
internal sealed class PixelEncoder : ILatentEncoder
{
    public string Name => "pixels";

    public IReadOnlyList<EncodedPicture> Encode(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run) =>
        [.. pictures.Select(pixels => new EncodedPicture(pixels.ToArray(), areMoments: false, scaling: 1, shift: 0))];
}

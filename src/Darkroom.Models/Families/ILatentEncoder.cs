using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>The autoencoder's encoder, which pictures that are sent go through.</summary>
public interface ILatentEncoder : IModelPart
{
    /// <summary>Encodes pictures of one size, [C, height, width] in [−1, 1] each.</summary>
    /// <exception cref="Sessions.GraphException">The encoder refused the call.</exception>
    IReadOnlyList<EncodedPicture> Encode(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run);
}

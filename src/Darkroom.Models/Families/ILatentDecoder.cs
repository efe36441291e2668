using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>The autoencoder's decoder: latents to pixels.</summary>
public interface ILatentDecoder : IModelPart
{
    /// <summary>Decodes final latents of one shape, C · h · w values each.</summary>
    /// <exception cref="Sessions.GraphException">The decoder refused the call.</exception>
    IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width);
}

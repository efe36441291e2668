using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Samplers;

/// <summary>Where a sampler takes its draws from: the row's own generator, so that a picture does not depend on its batch neighbours.</summary>
public interface INoiseSource
{
    /// <summary>The unit noise that a run begins from, once: a request may have it resemble that of another seed or of another size.</summary>
    /// <param name="destination">One value for each latent value.</param>
    /// <param name="shape">Their shape.</param>
    void First(Span<float> destination, LatentShape shape) => Normal(destination);

    /// <summary>The next draw of unit normal values, one for each latent value.</summary>
    void Normal(Span<float> destination);

    /// <summary>
    /// Unit normal noise for the move from one noise level to another. A Brownian source gives the tree's increment divided by the root of the
    /// distance; a plain source gives its next draw.
    /// </summary>
    void Increment(double sigma, double sigmaNext, Span<float> destination);
}

using Darkroom.Diffusion.Samplers;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Conformance;

/// <summary>One draw that a sampler made; the sigmas are null for a plain draw.</summary>
internal readonly record struct StoredDraw(double? Sigma, double? SigmaNext);

/// <summary>
/// Hands out the stored draws of a golden file in their order, whichever way they are asked for, and remembers what was asked.
/// </summary>
/// <param name="noise">Draws along the first axis, each of the latents' length.</param>
internal sealed class StoredNoise(GoldenTensor noise) : INoiseSource
{
    private readonly List<StoredDraw> draws = new(noise.Shape[0]);

    /// <summary>Every draw so far, in order.</summary>
    public IReadOnlyList<StoredDraw> Draws => draws;

    public void Normal(Span<float> destination) => Hand(destination, new(null, null));

    public void Increment(double sigma, double sigmaNext, Span<float> destination) => Hand(destination, new(sigma, sigmaNext));

    private void Hand(Span<float> destination, StoredDraw draw)
    {
        noise[draws.Count].CopyTo(destination);
        draws.Add(draw);
    }
}

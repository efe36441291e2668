namespace Darkroom.Diffusion.Noise;

/// <summary>A seeded stream of unit normal values whose place can be kept and found again.</summary>
public interface INormalGenerator
{
    /// <summary>All that is needed to go on from here: <see cref="SeededNoise.Restore"/> takes it.</summary>
    NoisePosition Position { get; }

    /// <summary>
    /// The next draw. One call is one <c>randn</c>: in the references the values depend on how many are asked for at once, so two calls for 8
    /// values are not one call for 16.
    /// </summary>
    void Normal(Span<float> destination);

    /// <summary>Starts the stream of another seed, keeping the memory.</summary>
    void Reseed(ulong seed);
}

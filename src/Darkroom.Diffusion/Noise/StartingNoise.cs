using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// What A1111 and ComfyUI do with a row's first noise, and where the draws after it come from. Plain data: a row that was not started yet keeps it.
/// </summary>
public sealed record StartingNoise
{
    /// <summary>The seed's own noise, from its first value.</summary>
    public required NoisePosition Seed { get; init; }

    /// <summary>The noise that it is turned towards; null: none.</summary>
    public NoiseVariation? Variation { get; init; }

    /// <summary>The shape that the seed is known for, as many channels; null: the one that is asked.</summary>
    public LatentShape? ResizedFrom { get; init; }

    /// <summary>Where later draws come from; null: the row's stream goes on.</summary>
    public NoisePosition? Later { get; init; }

    /// <summary>
    /// The first noise. It takes one draw from the row's stream, as A1111 does: where the shapes differ, that is what surrounds the noise of the other shape,
    /// which is drawn apart.
    /// </summary>
    /// <param name="destination">C · h · w values.</param>
    /// <param name="shape">Their shape.</param>
    /// <param name="stream">The row's own generator.</param>
    internal void Draw(Span<float> destination, LatentShape shape, INormalGenerator stream)
    {
        stream.Normal(destination);
        if (ResizedFrom is { } known && known != shape)
        {
            var source = new float[known.Length];
            SeededNoise.Restore(Seed).Normal(source);
            Vary(source, known);
            SeedResize.Paste(destination, shape, source, known);
        }
        else
        {
            Vary(destination, shape);
        }
    }

    private void Vary(Span<float> noise, LatentShape shape)
    {
        if (Variation is not { Strength: not 0 } variation) return;
        var other = new float[shape.Length];
        SeededNoise.Create(Seed.Generator, variation.Seed).Normal(other);
        VariationNoise.Blend(noise, other, variation.Strength, shape);
    }
}

/// <summary>Another seed, and how far the noise is turned towards its own.</summary>
/// <param name="Seed">The other seed.</param>
/// <param name="Strength">0…1; 0: not at all.</param>
public readonly record struct NoiseVariation(ulong Seed, double Strength);

using Darkroom.Diffusion.Tensors;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// A1111's variation seed: the noise of one seed turned part of the way towards another's, by spherical interpolation (Shoemake 1985) of the
/// columns: norms and angles are taken along the height of [C, h, w].
/// </summary>
public static class VariationNoise
{
    /// <summary>Noises more alike than this are mixed straight. A1111 has the two weights swapped there, and so have we.</summary>
    private const double NearlyEqual = 0.9995;

    /// <param name="noise">In: the seed's noise. Out: the mixture.</param>
    /// <param name="variation">The variation seed's noise, same shape.</param>
    /// <param name="strength">0 gives the seed's noise, 1 the variation's.</param>
    /// <param name="shape">Shape of both.</param>
    public static void Blend(Span<float> noise, ReadOnlySpan<float> variation, double strength, LatentShape shape)
    {
        if (noise.Length != shape.Length || variation.Length != shape.Length)
            throw new ArgumentException($"Noise of {noise.Length} and {variation.Length} values does not have the shape {shape}.");
        double likeness = 0;
        for (int channel = 0; channel < shape.Channels; channel++)
            for (int x = 0; x < shape.Width; x++)
                likeness += Cosine(noise, variation, First(channel, x, shape), shape);
        if (likeness / (shape.Channels * shape.Width) > NearlyEqual)
        {
            Latents.Combine(noise, strength, noise, 1 - strength, variation);
            return;
        }

        for (int channel = 0; channel < shape.Channels; channel++)
        {
            for (int x = 0; x < shape.Width; x++)
            {
                int first = First(channel, x, shape);
                double angle = Math.Acos(Cosine(noise, variation, first, shape)), sine = Math.Sin(angle);
                // Columns that lie on one line have no plane to turn in (A1111 gives NaN): mix them straight.
                bool turns = sine > 1e-6;
                float keep = (float)(turns ? Math.Sin((1 - strength) * angle) / sine : 1 - strength);
                float take = (float)(turns ? Math.Sin(strength * angle) / sine : strength);
                for (int y = 0, i = first; y < shape.Height; y++, i += shape.Width)
                    noise[i] = keep * noise[i] + take * variation[i];
            }
        }
    }

    private static int First(int channel, int x, LatentShape shape) => channel * shape.Height * shape.Width + x;

    /// <summary>Cosine of the angle between two columns; 1 where one of them is zero.</summary>
    private static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int first, LatentShape shape)
    {
        double dot = 0, lengthA = 0, lengthB = 0;
        for (int y = 0, i = first; y < shape.Height; y++, i += shape.Width)
        {
            dot += (double)a[i] * b[i];
            lengthA += (double)a[i] * a[i];
            lengthB += (double)b[i] * b[i];
        }
        double lengths = Math.Sqrt(lengthA * lengthB);
        return lengths > 0 ? Math.Clamp(dot / lengths, -1, 1) : 1;
    }
}

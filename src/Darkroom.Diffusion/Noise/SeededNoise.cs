namespace Darkroom.Diffusion.Noise;

/// <summary>Makes generators: at the start of a seed's stream, or where a kept position says.</summary>
public static class SeededNoise
{
    /// <summary>The stream of a seed from its first value.</summary>
    public static INormalGenerator Create(NoiseGenerator generator, ulong seed) => Restore(new NoisePosition(generator, seed));

    /// <summary>
    /// The stream from a position on. The torch CPU generator runs through what was drawn before: some half a millisecond for each million words.
    /// </summary>
    public static INormalGenerator Restore(NoisePosition position) => position.Generator switch
    {
        NoiseGenerator.TorchCpu => new TorchCpuGenerator(position),
        NoiseGenerator.TorchCuda => new PhiloxGenerator(position),
        var other => throw new ArgumentOutOfRangeException(nameof(position), other, "No such generator."),
    };
}

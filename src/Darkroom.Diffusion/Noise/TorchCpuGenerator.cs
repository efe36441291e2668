using System.Numerics;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// <c>torch.Generator("cpu")</c>: the float32 draws are bit-equal to torch on x64 with AVX2 or AVX-512. Seeds 2³² apart are the same seed.
/// Other draws than <see cref="Normal(Span{float})"/> are here for completeness: they move the same stream.
/// </summary>
public sealed class TorchCpuGenerator : INormalGenerator
{
    /// <summary>torch takes one 32-bit word for an integer below this span, two above.</summary>
    private const ulong WideSpan = 1 << 28;

    private readonly MersenneTwister twister;
    private ulong seed;
    private double? spare;

    public TorchCpuGenerator(ulong seed) : this(new NoisePosition(NoiseGenerator.TorchCpu, seed)) { }

    internal TorchCpuGenerator(NoisePosition position)
    {
        seed = position.Seed;
        spare = position.Spare;
        twister = new MersenneTwister((uint)seed);
        twister.SkipTo(position.Consumed);
    }

    public NoisePosition Position => new(NoiseGenerator.TorchCpu, seed, twister.Consumed, spare);

    public void Reseed(ulong seed)
    {
        this.seed = seed;
        spare = null;
        twister.Seed((uint)seed);
    }

    /// <summary>torch.randn, float32.</summary>
    public void Normal(Span<float> destination)
    {
        if (destination.Length < BoxMullerBlocks.Size)
        {
            foreach (ref float value in destination)
                value = (float)NextNormal();
            return;
        }
        DrawBlocks(destination);
        if (destination.Length % BoxMullerBlocks.Size != 0) DrawBlocks(destination[^BoxMullerBlocks.Size..]);
    }

    /// <summary>torch.randn, float64: other numbers than the float32 draw.</summary>
    public void Normal(Span<double> destination)
    {
        if (destination.Length < BoxMullerBlocks.Size)
        {
            foreach (ref double value in destination)
                value = NextNormal();
            return;
        }
        DrawBlocks(destination);
        if (destination.Length % BoxMullerBlocks.Size != 0) DrawBlocks(destination[^BoxMullerBlocks.Size..]);
    }

    /// <summary>A long draw; where whole blocks do not fit, torch draws the last one again, over part of the block before.</summary>
    private void DrawBlocks(Span<float> values)
    {
        Uniform(values);
        BoxMullerBlocks.Transform(values);
    }

    private void DrawBlocks(Span<double> values)
    {
        Uniform(values);
        BoxMullerBlocks.Transform(values);
    }

    /// <summary>torch.rand, float32: 24 bits, [0, 1).</summary>
    public void Uniform(Span<float> destination)
    {
        const uint mask = (1 << 24) - 1;
        const float unit = 1f / (1 << 24);
        while (destination.Length > 0)
        {
            var words = twister.Take(destination.Length);
            int i = 0, width = Vector<uint>.Count;
            for (; i <= words.Length - width; i += width)
            {
                var bits = Vector.AsVectorInt32(new Vector<uint>(words[i..]) & new Vector<uint>(mask));
                (Vector.ConvertToSingle(bits) * unit).CopyTo(destination[i..]);
            }
            for (; i < words.Length; i++)
                destination[i] = (words[i] & mask) * unit;
            destination = destination[words.Length..];
        }
    }

    /// <summary>torch.rand, float64: 53 bits, [0, 1).</summary>
    public void Uniform(Span<double> destination)
    {
        foreach (ref double value in destination)
            value = NextUniform();
    }

    /// <summary>torch.randint: whole numbers from <paramref name="low"/> up to but not with <paramref name="high"/>.</summary>
    public void Integers(long low, long high, Span<long> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(low, high);
        ulong span = unchecked((ulong)high - (ulong)low);
        foreach (ref long value in destination)
            value = unchecked((long)((span < WideSpan ? twister.Next() : twister.NextPair()) % span + (ulong)low));
    }

    /// <summary>torch.randperm: 0 … n − 1 shuffled.</summary>
    public void Permutation(Span<int> destination)
    {
        for (int i = 0; i < destination.Length; i++)
            destination[i] = i;
        for (int i = 0; i < destination.Length - 1; i++)
        {
            int other = i + (int)(twister.Next() % (uint)(destination.Length - i));
            (destination[i], destination[other]) = (destination[other], destination[i]);
        }
    }

    /// <summary>The next word of the underlying Mersenne Twister.</summary>
    public uint NextWord() => twister.Next();

    private double NextUniform() => (twister.NextPair() & ((1UL << 53) - 1)) * (1.0 / (1UL << 53));

    /// <summary>A short draw: one pair in double, the second value kept for the next short draw, however many long ones lie between.</summary>
    private double NextNormal()
    {
        if (spare is { } kept)
        {
            spare = null;
            return kept;
        }
        double angle = 2 * Math.PI * NextUniform();
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform()));
        spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }
}

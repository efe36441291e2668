using System.Numerics.Tensors;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// <c>torch.Generator("cuda")</c> as A1111 computes it on the CPU ("NV"): value i of draw d comes from the counter (d, 0, i, 0) under the seed as
/// key, by the sine half of Box-Muller. Agrees with a real device while a tensor has no more values than the device runs threads at once.
/// </summary>
public sealed class PhiloxGenerator : INormalGenerator
{
    // The device works with single-precision constants; the arithmetic on them is double here.
    private const double Unit = 2.3283064e-10f, HalfUnit = Unit / 2;                                    // 2⁻³²
    private const double Turn = (float)(2.3283064e-10 * 6.2831855), HalfTurn = Turn / 2;               // 2π · 2⁻³²

    private const int Stretch = 256;

    private ulong seed;
    private ulong draws;

    public PhiloxGenerator(ulong seed) => this.seed = seed;

    internal PhiloxGenerator(NoisePosition position) => (seed, draws) = (position.Seed, position.Consumed);

    public NoisePosition Position => new(NoiseGenerator.TorchCuda, seed, draws);

    public void Reseed(ulong seed) => (this.seed, draws) = (seed, 0);

    public void Normal(Span<float> destination)
    {
        var key = ((uint)seed, (uint)(seed >> 32));
        uint draw = (uint)draws++;
        // In stretches that stay in the first cache, so that logarithms and sines are taken several at a time.
        Span<double> radii = stackalloc double[Stretch], angles = stackalloc double[Stretch];
        for (int start = 0; start < destination.Length; start += Stretch)
        {
            int count = Math.Min(Stretch, destination.Length - start);
            for (int i = 0; i < count; i++)
            {
                var (first, second, _, _) = Philox4x32.Words((draw, 0, (uint)(start + i), 0), key);
                (radii[i], angles[i]) = (first * Unit + HalfUnit, second * Turn + HalfTurn);
            }
            TensorPrimitives.Log<double>(radii[..count], radii);
            TensorPrimitives.Sin<double>(angles[..count], angles);
            for (int i = 0; i < count; i++)
                destination[start + i] = (float)(Math.Sqrt(-2 * radii[i]) * angles[i]);
        }
    }
}

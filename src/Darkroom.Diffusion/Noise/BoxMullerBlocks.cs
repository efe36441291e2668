using System.Runtime.Intrinsics;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// torch's long draw: blocks of 16 uniforms become 16 normals in place, the first eight giving the radii √(−2 ln(1 − u)), the others the angles
/// 2πu; cosines go to the first half of the block, sines to the second (Box and Muller 1958).
/// </summary>
internal static class BoxMullerBlocks
{
    public const int Size = 16;
    private const int Half = Size / 2;

    /// <param name="values">Uniforms in [0, 1); whole blocks.</param>
    public static void Transform(Span<float> values)
    {
        if (Vector256.IsHardwareAccelerated) TransformVector(values);
        else TransformScalar(values);
    }

    /// <summary>The same in double, for float64 draws.</summary>
    public static void Transform(Span<double> values)
    {
        for (; values.Length >= Size; values = values[Size..])
        {
            for (int i = 0; i < Half; i++)
            {
                double radius = Math.Sqrt(-2 * Math.Log(1 - values[i]));
                var (sin, cos) = Math.SinCos(2 * Math.PI * values[i + Half]);
                (values[i], values[i + Half]) = (radius * cos, radius * sin);
            }
        }
    }

    internal static void TransformVector(Span<float> values)
    {
        for (; values.Length >= Size; values = values[Size..])
        {
            var radius = Vector256.Sqrt(CephesVector.Log(Vector256<float>.One - Vector256.Create<float>(values)) * -2f);
            var (sin, cos) = CephesVector.SinCos(Vector256.Create<float>(values[Half..]) * MathF.Tau);
            (radius * cos).CopyTo(values);
            (radius * sin).CopyTo(values[Half..]);
        }
    }

    internal static void TransformScalar(Span<float> values)
    {
        for (; values.Length >= Size; values = values[Size..])
        {
            for (int i = 0; i < Half; i++)
            {
                float radius = MathF.Sqrt(CephesScalar.Log(1 - values[i]) * -2f);
                var (sin, cos) = CephesScalar.SinCos(values[i + Half] * MathF.Tau);
                (values[i], values[i + Half]) = (radius * cos, radius * sin);
            }
        }
    }
}

using System.Runtime.CompilerServices;
using static Darkroom.Diffusion.Noise.CephesVector;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// Single-precision logarithm, sine and cosine by the polynomials of Moshier's Cephes library, with a fused multiply-add exactly where torch's
/// vector code has one: the last bit of every normal value depends on it. <see cref="CephesVector"/> gives the same bits, eight at a time.
/// </summary>
internal static class CephesScalar
{
    /// <summary>ln x for normal x &gt; 0.</summary>
    public static float Log(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x);
        float exponent = (int)(bits >> 23) - 126;
        float mantissa = BitConverter.UInt32BitsToSingle(bits & 0x007FFFFF | 0x3F000000);      // 0.5 … 1
        bool small = mantissa < RootHalf;
        if (small) exponent -= 1;
        float r = mantissa - 1 + (small ? mantissa : 0);                                       // √½ − 1 … √2 − 1
        float square = r * r;
        float y = Fused(Fused(Fused(Fused(Log8, r, Log7), r, Log6), r, Log5), r, Log4);
        y = Fused(Fused(Fused(Fused(y, r, Log3), r, Log2), r, Log1), r, Log0) * r;
        y = Fused(y, square, exponent * LogTwoLow);
        y = Fused(square, -0.5f, y);
        return Fused(exponent, LogTwoHigh, r + y);
    }

    /// <summary>Sine and cosine of x ≥ 0.</summary>
    public static (float Sin, float Cos) SinCos(float x)
    {
        int octant = (int)(x * FourOverPi) + 1 & ~1;
        float turns = octant;
        float r = Fused(turns, QuarterPi1, x);
        r = Fused(turns, QuarterPi2, r);
        r = Fused(turns, QuarterPi3, r);
        float square = r * r;

        float cos = Fused(Fused(Cos3, square, Cos2), square, Cos1) * square;
        cos = Fused(cos, square, -(square * 0.5f)) + 1;
        float sin = Fused(Fused(Sin3, square, Sin2), square, Sin1) * square;
        sin = Fused(sin, r, r);

        if ((octant & 2) != 0) (sin, cos) = (cos, sin);
        return ((octant & 4) != 0 ? -sin : sin, (~(octant - 2) & 4) != 0 ? -cos : cos);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fused(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}

using System.Runtime.CompilerServices;

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
        bool small = mantissa < CephesVector.RootHalf;
        if (small) exponent -= 1;
        float r = mantissa - 1 + (small ? mantissa : 0);                                       // √½ − 1 … √2 − 1
        float square = r * r;
        float y = CephesVector.LogTerms[0];
        foreach (float term in CephesVector.LogTerms[1..])
            y = Fused(y, r, term);
        y *= r;
        y = Fused(y, square, exponent * CephesVector.LogTwoLow);
        y = Fused(square, -0.5f, y);
        return Fused(exponent, CephesVector.LogTwoHigh, r + y);
    }

    /// <summary>Sine and cosine of x ≥ 0.</summary>
    public static (float Sin, float Cos) SinCos(float x)
    {
        int octant = (int)(x * CephesVector.FourOverPi) + 1 & ~1;
        float turns = octant;
        float r = Fused(turns, CephesVector.QuarterPi1, x);
        r = Fused(turns, CephesVector.QuarterPi2, r);
        r = Fused(turns, CephesVector.QuarterPi3, r);
        float square = r * r;

        float cos = Fused(Fused(CephesVector.Cos3, square, CephesVector.Cos2), square, CephesVector.Cos1) * square;
        cos = Fused(cos, square, -(square * 0.5f)) + 1;
        float sin = Fused(Fused(CephesVector.Sin3, square, CephesVector.Sin2), square, CephesVector.Sin1) * square;
        sin = Fused(sin, r, r);

        if ((octant & 2) != 0) (sin, cos) = (cos, sin);
        return ((octant & 4) != 0 ? -sin : sin, (~(octant - 2) & 4) != 0 ? -cos : cos);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Fused(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// <see cref="CephesScalar"/> on eight values. Every multiply-add is truly fused on every machine (unlike
/// <c>MultiplyAddEstimate</c>), so the bits do not depend on the processor.
/// </summary>
internal static class CephesVector
{
    public const float RootHalf = 0.707106781186547524f, FourOverPi = 1.27323954473516f;

    /// <summary>ln 2 in two parts: the high one is exact in 9 bits.</summary>
    public const float LogTwoHigh = 0.693359375f, LogTwoLow = -2.12194440e-4f;

    /// <summary>−π/4 in three parts, so that turns · π/4 is taken off without loss.</summary>
    public const float QuarterPi1 = -0.78515625f, QuarterPi2 = -2.4187564849853515625e-4f, QuarterPi3 = -3.77489497744594108e-8f;

    public const float Cos1 = 4.166664568298827e-2f, Cos2 = -1.388731625493765e-3f, Cos3 = 2.443315711809948e-5f;
    public const float Sin1 = -1.6666654611e-1f, Sin2 = 8.3321608736e-3f, Sin3 = -1.9515295891e-4f;

    /// <summary>(ln(1 + r) − r + r²/2) / r³ as a polynomial.</summary>
    public const float
        Log0 = 3.3333331174e-1f, Log1 = -2.4999993993e-1f, Log2 = 2.0000714765e-1f, Log3 = -1.6668057665e-1f, Log4 = 1.4249322787e-1f,
        Log5 = -1.2420140846e-1f, Log6 = 1.1676998740e-1f, Log7 = -1.1514610310e-1f, Log8 = 7.0376836292e-2f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> x)
    {
        var bits = x.AsUInt32();
        var exponent = Vector256.ConvertToSingle((bits >> 23).AsInt32() - Vector256.Create(126));
        var mantissa = (bits & Vector256.Create(0x007FFFFFu) | Vector256.Create(0x3F000000u)).AsSingle();
        var small = Vector256.LessThan(mantissa, Vector256.Create(RootHalf));
        exponent -= small & Vector256<float>.One;
        var r = mantissa - Vector256<float>.One + (small & mantissa);
        var square = r * r;
        var y = Fused(Fused(Fused(Fused(Vector256.Create(Log8), r, Log7), r, Log6), r, Log5), r, Log4);
        y = Fused(Fused(Fused(Fused(y, r, Log3), r, Log2), r, Log1), r, Log0) * r;
        y = Fused(y, square, exponent * LogTwoLow);
        y = Fused(square, Vector256.Create(-0.5f), y);
        return Fused(exponent, Vector256.Create(LogTwoHigh), r + y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Sin, Vector256<float> Cos) SinCos(Vector256<float> x)
    {
        var octant = Vector256.ConvertToInt32(x * FourOverPi) + Vector256<int>.One & Vector256.Create(~1);
        var turns = Vector256.ConvertToSingle(octant);
        var r = Fused(turns, Vector256.Create(QuarterPi1), x);
        r = Fused(turns, Vector256.Create(QuarterPi2), r);
        r = Fused(turns, Vector256.Create(QuarterPi3), r);
        var square = r * r;

        var cos = Fused(Fused(Vector256.Create(Cos3), square, Cos2), square, Cos1) * square;
        cos = Fused(cos, square, -(square * 0.5f)) + Vector256<float>.One;
        var sin = Fused(Fused(Vector256.Create(Sin3), square, Sin2), square, Sin1) * square;
        sin = Fused(sin, r, r);

        var straight = Vector256.Equals(octant & Vector256.Create(2), Vector256<int>.Zero).AsSingle();
        var sinSign = ((octant & Vector256.Create(4)) << 29).AsSingle();
        var cosSign = ((~(octant - Vector256.Create(2)) & Vector256.Create(4)) << 29).AsSingle();
        return (Vector256.ConditionalSelect(straight, sin, cos) ^ sinSign, Vector256.ConditionalSelect(straight, cos, sin) ^ cosSign);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fused(Vector256<float> a, Vector256<float> b, float c) =>
        Fused(a, b, Vector256.Create(c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Fused(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, c) : Vector256.FusedMultiplyAdd(a, b, c);
}

namespace Darkroom.Diffusion.Noise;

/// <summary>
/// Python's <c>round(x, 6)</c>: the decimal of six digits nearest to the exact binary value, and the even one where it lies exactly half-way
/// (odd multiples of 1/128 do: 0.0078125 becomes 0.007812). <c>Math.Round(x, 6)</c> scales in floating point and may differ.
/// </summary>
internal static class DecimalRounding
{
    private const int Million = 1_000_000;

    /// <summary>From here on neighbouring doubles are further apart than 10⁻⁶ and every value is its own nearest.</summary>
    private const double Coarse = 1L << 33;

    public static double SixDigits(double value)
    {
        double size = Math.Abs(value);
        if (!(size < Coarse)) return value;
        long bits = BitConverter.DoubleToInt64Bits(size);
        int field = (int)(bits >> 52);
        ulong fraction = (ulong)bits & ((1UL << 52) - 1);
        // size = mantissa / 2^shift, so size · 10⁶ is a whole number of at most 73 bits over 2^shift.
        UInt128 scaled = (UInt128)(field == 0 ? fraction : fraction | 1UL << 52) * Million;
        int shift = 1075 - Math.Max(field, 1);
        if (shift <= 0) return value;
        if (shift > 80) return Math.CopySign(0, value);
        UInt128 whole = scaled >> shift, rest = scaled - (whole << shift), half = UInt128.One << (shift - 1);
        if (rest > half || rest == half && (whole & 1) == 1) whole++;
        return Math.CopySign((double)(ulong)whole / Million, value);      // both exact, so the quotient is the nearest double
    }
}

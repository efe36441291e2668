namespace Darkroom.Imaging.Masks;

/// <summary>What one pixel of a box filter weighs, in fixed point of 24 bits.</summary>
/// <param name="Radius">Whole pixels on each side of the middle.</param>
/// <param name="Whole">The weight of each of them.</param>
/// <param name="Edge">The weight of the two pixels beyond.</param>
internal readonly record struct BoxWeights(int Radius, uint Whole, uint Edge)
{
    private const int Precision = 24;

    public static BoxWeights Of(float radius)
    {
        uint whole = (uint)((1u << Precision) / (radius * 2 + 1));
        return new BoxWeights((int)radius, whole, ((1u << Precision) - ((uint)(int)radius * 2 + 1) * whole) / 2);
    }

    /// <summary>The filtered level from the sum under the box and the sum of the two pixels beyond.</summary>
    public byte Level(uint sum, uint beyond) => (byte)((sum * Whole + beyond * Edge + (1u << (Precision - 1))) >> Precision);
}

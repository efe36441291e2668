namespace Darkroom.Imaging.Masks;

/// <summary>What a mask comes to, before anything is painted.</summary>
/// <param name="Darkest">The lowest level of the mask as it was read: 0 stands, 255 is repainted.</param>
/// <param name="Brightest">The highest level of it.</param>
/// <param name="RepaintsNothing">Whether no pixel of the grown and blurred mask is at least a half.</param>
/// <param name="RepaintsEverything">Whether every pixel of it is.</param>
public sealed record MaskFacts(byte Darkest, byte Brightest, bool RepaintsNothing, bool RepaintsEverything)
{
    /// <summary>The lowest level that is repainted: a half, rounded up.</summary>
    public const byte Half = 128;

    /// <param name="read">Grey, as <see cref="MaskReader"/> gives it.</param>
    /// <param name="used">Grey, of the same size: grown and blurred.</param>
    public static MaskFacts Of(Picture read, Picture used)
    {
        var (darkest, brightest) = RangeOf(read);
        var (low, high) = RangeOf(used);
        return new MaskFacts(darkest, brightest, high < Half, low >= Half);
    }

    private static (byte Low, byte High) RangeOf(Picture mask)
    {
        byte low = byte.MaxValue, high = byte.MinValue;
        foreach (byte level in MaskArithmetic.Grey(mask).Pixels) (low, high) = (Math.Min(low, level), Math.Max(high, level));
        return (low, high);
    }
}

namespace Darkroom.TestKit.Checkpoints;

/// <summary>Numbers of eight bits as torch's <c>float8_e4m3fn</c> has them: a sign, four bits of exponent from 2^-6 on, three of mantissa.</summary>
public static class Float8
{
    public const float Max = 448;

    private static readonly (float Value, byte Bits)[] Positive =
        [.. Enumerable.Range(0, 0x7F).Select(bits => (Value((byte)bits), (byte)bits)).OrderBy(one => one.Item1)];

    public static float Value(byte bits)
    {
        int exponent = bits >> 3 & 0xF, mantissa = bits & 7;
        double size = exponent == 0 ? Math.Pow(2, -6) * mantissa / 8 : Math.Pow(2, exponent - 7) * (1 + mantissa / 8.0);
        return (float)(bits < 0x80 ? size : -size);
    }

    public static byte Nearest(float value)
    {
        byte bits = Positive.MinBy(one => Math.Abs(one.Value - Math.Abs(value))).Bits;
        return value < 0 ? (byte)(bits | 0x80) : bits;
    }
}

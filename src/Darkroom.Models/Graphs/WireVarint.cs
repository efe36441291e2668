namespace Darkroom.Models.Graphs;

/// <summary>Protobuf's numbers of 1 to 10 bytes, seven bits each, lowest first.</summary>
internal static class WireVarint
{
    public static int SizeOf(ulong value)
    {
        int size = 1;
        for (; value >= 0x80; value >>= 7) size++;
        return size;
    }

    public static void Write(Span<byte> target, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7) target[at++] = (byte)(value | 0x80);
        target[at++] = (byte)value;
    }

    /// <summary>The numbers of a packed field.</summary>
    public static void ReadAll(ReadOnlySpan<byte> packed, List<long> numbers)
    {
        ulong value = 0;
        int shift = 0;
        foreach (byte next in packed)
        {
            value |= (ulong)(next & 0x7F) << shift;
            shift += 7;
            if (next >= 0x80) continue;
            numbers.Add((long)value);
            (value, shift) = (0, 0);
        }
    }
}

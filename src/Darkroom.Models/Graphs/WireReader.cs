using System.Text;

namespace Darkroom.Models.Graphs;

/// <summary>
/// Reads protobuf's wire format field by field, from a file of any size or from memory: bytes are stepped over unless they are asked for. The one
/// reader of ONNX files in the house.
/// </summary>
internal sealed class WireReader(Stream stream)
{
    private const int MaxTextBytes = 4096;

    public long Position
    {
        get => stream.Position;
        set => stream.Position = value;
    }

    public long Length => stream.Length;

    /// <summary>
    /// The field at the current position, which then stands at its content. False at <paramref name="end"/>. The field's own end may lie beyond
    /// <paramref name="end"/>: the caller says what that means.
    /// </summary>
    /// <exception cref="InvalidDataException">No protobuf.</exception>
    public bool Next(long end, out WireSpan field)
    {
        field = default;
        if (stream.Position >= end) return false;
        ulong tag = Varint(end);
        if (tag >> 3 is 0 or > int.MaxValue) throw NotOnnx();
        int number = (int)(tag >> 3), type = (int)(tag & 7);
        ulong value = 0;
        long size = type switch
        {
            WireType.Varint => Number(out value, end),
            WireType.Fixed64 => 8,
            WireType.Fixed32 => 4,
            WireType.Bytes => (long)Varint(end),
            _ => throw NotOnnx(),
        };
        if (size < 0 || stream.Position > long.MaxValue - size) throw NotOnnx();
        field = new(number, type, value, stream.Position, stream.Position + size);
        return true;
    }

    /// <summary>The next field, which must end before <paramref name="end"/>.</summary>
    /// <exception cref="InvalidDataException">No protobuf, or cut off.</exception>
    public bool NextWhole(long end, out WireSpan field)
    {
        if (!Next(end, out field)) return false;
        return field.End <= end ? true : throw NotOnnx();
    }

    /// <summary>The content of a field.</summary>
    public byte[] Read(WireSpan field)
    {
        byte[] bytes = new byte[checked((int)field.Length)];
        stream.Position = field.Start;
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A short text: a name, a path.</summary>
    /// <exception cref="InvalidDataException">Too long for one, or no text field.</exception>
    public string ReadText(WireSpan field) =>
        field.Type == WireType.Bytes && field.Length <= MaxTextBytes && field.End <= stream.Length ? Encoding.UTF8.GetString(Read(field)) : throw NotOnnx();

    public static InvalidDataException NotOnnx() => new("is not an ONNX graph");

    private long Number(out ulong value, long end)
    {
        value = Varint(end);
        return 0;
    }

    /// <summary>The number at the current position, one of a packed list.</summary>
    /// <exception cref="InvalidDataException">No number, or it goes beyond <paramref name="end"/>.</exception>
    public ulong Varint(long end)
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (stream.Position >= end) throw NotOnnx();
            int next = stream.ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw NotOnnx();
    }
}

/// <summary>How a field's content is stored.</summary>
internal static class WireType
{
    public const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
}

/// <summary>A field where it lies: content from <paramref name="Start"/> to <paramref name="End"/>, or <paramref name="Value"/> for a varint.</summary>
internal readonly record struct WireSpan(int Number, int Type, ulong Value, long Start, long End)
{
    public long Length => End - Start;
}

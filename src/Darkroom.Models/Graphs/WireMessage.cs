using System.Buffers.Binary;
using System.Text;

namespace Darkroom.Models.Graphs;

/// <summary>One field of a message in memory. Numbers of every kind are in <paramref name="Value"/>.</summary>
internal readonly record struct WireField(int Number, int Type, ulong Value, ReadOnlyMemory<byte> Bytes);

/// <summary>A protobuf message as its fields in their order, known ones and unknown ones alike: what is not edited is written as it was read.</summary>
internal sealed class WireMessage
{
    public List<WireField> Fields { get; } = [];

    /// <exception cref="InvalidDataException">No protobuf.</exception>
    public static WireMessage Parse(byte[] bytes)
    {
        var message = new WireMessage();
        var reader = new WireReader(new MemoryStream(bytes, writable: false));
        while (reader.NextWhole(bytes.Length, out var field))
        {
            message.Fields.Add(InMemory(field, bytes.AsMemory((int)field.Start, (int)field.Length)));
            reader.Position = field.End;
        }
        return message;
    }

    /// <summary>A field with its content, as it was found in a file.</summary>
    public static WireField InMemory(WireSpan field, ReadOnlyMemory<byte> content) => field.Type switch
    {
        WireType.Fixed32 => new(field.Number, field.Type, BinaryPrimitives.ReadUInt32LittleEndian(content.Span), default),
        WireType.Fixed64 => new(field.Number, field.Type, BinaryPrimitives.ReadUInt64LittleEndian(content.Span), default),
        WireType.Varint => new(field.Number, field.Type, field.Value, default),
        _ => new(field.Number, field.Type, 0, content),
    };

    public WireMessage Copy()
    {
        var copy = new WireMessage();
        copy.Fields.AddRange(Fields);
        return copy;
    }

    /// <summary>Every value of a repeated text field, in order.</summary>
    public IEnumerable<string> Texts(int number) =>
        Fields.Where(field => field.Number == number && field.Type == WireType.Bytes).Select(field => Encoding.UTF8.GetString(field.Bytes.Span));

    /// <summary>The text, empty where the field is absent.</summary>
    public string Text(int number) => Texts(number).LastOrDefault("");

    /// <summary>Messages of a repeated field.</summary>
    public IEnumerable<WireMessage> Messages(int number) =>
        Fields.Where(field => field.Number == number && field.Type == WireType.Bytes).Select(field => Parse(field.Bytes.ToArray()));

    /// <summary>The number, 0 where the field is absent.</summary>
    public long Number(int number) => (long)Fields.LastOrDefault(field => field.Number == number).Value;

    /// <summary>Numbers of a repeated varint field, packed or not.</summary>
    public IReadOnlyList<long> Numbers(int number)
    {
        var numbers = new List<long>();
        foreach (var field in Fields)
        {
            if (field.Number != number) continue;
            if (field.Type == WireType.Bytes) WireVarint.ReadAll(field.Bytes.Span, numbers);
            else numbers.Add((long)field.Value);
        }
        return numbers;
    }

    public WireMessage Remove(int number)
    {
        Fields.RemoveAll(field => field.Number == number);
        return this;
    }

    public WireMessage Add(int number, long value)
    {
        Fields.Add(new(number, WireType.Varint, (ulong)value, default));
        return this;
    }

    public WireMessage Add(int number, float value)
    {
        Fields.Add(new(number, WireType.Fixed32, BitConverter.SingleToUInt32Bits(value), default));
        return this;
    }

    public WireMessage Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    public WireMessage Add(int number, WireMessage message) => Add(number, message.ToArray());

    public WireMessage Add(int number, ReadOnlyMemory<byte> bytes)
    {
        Fields.Add(new(number, WireType.Bytes, 0, bytes));
        return this;
    }

    public byte[] ToArray()
    {
        byte[] bytes = new byte[checked((int)Fields.Sum(SizeOf))];
        int at = 0;
        foreach (var field in Fields) Write(bytes, ref at, field);
        return bytes;
    }

    private static long SizeOf(WireField field) => WireVarint.SizeOf((ulong)field.Number << 3) + field.Type switch
    {
        WireType.Varint => WireVarint.SizeOf(field.Value),
        WireType.Fixed32 => 4,
        WireType.Fixed64 => 8,
        _ => WireVarint.SizeOf((ulong)field.Bytes.Length) + (long)field.Bytes.Length,
    };

    private static void Write(Span<byte> target, ref int at, WireField field)
    {
        WireVarint.Write(target, ref at, (ulong)field.Number << 3 | (uint)field.Type);
        switch (field.Type)
        {
            case WireType.Varint:
                WireVarint.Write(target, ref at, field.Value);
                break;
            case WireType.Fixed32:
                BinaryPrimitives.WriteUInt32LittleEndian(target[at..], (uint)field.Value);
                at += 4;
                break;
            case WireType.Fixed64:
                BinaryPrimitives.WriteUInt64LittleEndian(target[at..], field.Value);
                at += 8;
                break;
            default:
                WireVarint.Write(target, ref at, (ulong)field.Bytes.Length);
                field.Bytes.Span.CopyTo(target[at..]);
                at += field.Bytes.Length;
                break;
        }
    }
}

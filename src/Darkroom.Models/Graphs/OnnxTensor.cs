using System.Buffers.Binary;

namespace Darkroom.Models.Graphs;

/// <summary>A tensor of a graph: name, shape, small whole numbers, and where its values lie. Weights are never looked at.</summary>
internal sealed class OnnxTensor(WireMessage message)
{
    // Field numbers of TensorProto.
    private const int Dims = 1, DataType = 2, Int32Data = 5, Int64Data = 7, NameField = 8, RawData = 9, ExternalData = 13, DataLocation = 14;
    private const int Int32 = 6, Int64 = 7, External = 1;

    public string Name { get; } = message.Text(NameField);

    /// <summary>Sides; none for a single number.</summary>
    public IReadOnlyList<long> Shape { get; } = message.Numbers(Dims);

    /// <summary>ONNX's number of the values' type.</summary>
    public long ElementType => message.Number(DataType);

    /// <summary>Where its values lie in a file, little-endian, one behind the other; null for one that was made here, or is stored otherwise.</summary>
    public TensorPlace? Place { get; private set; }

    public long Count => Shape.Aggregate(1L, (count, side) => count * side);

    /// <summary>The values of a small int64 or int32 tensor; null for another kind.</summary>
    public IReadOnlyList<long>? Integers()
    {
        if (message.Number(DataType) is not (Int32 or Int64) || message.Fields.Any(field => field.Number == ExternalData)) return null;
        bool wide = message.Number(DataType) == Int64;
        if (message.Fields.FirstOrDefault(field => field.Number == RawData) is not { Number: RawData } raw)
            return message.Numbers(wide ? Int64Data : Int32Data);
        var bytes = raw.Bytes.Span;
        int size = wide ? 8 : 4;
        long[] values = new long[bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
            values[i] = wide ? BinaryPrimitives.ReadInt64LittleEndian(bytes[(i * size)..]) : BinaryPrimitives.ReadInt32LittleEndian(bytes[(i * size)..]);
        return values;
    }

    /// <summary>A one-dimensional int64 tensor.</summary>
    public static OnnxTensor Of(string name, IReadOnlyList<long> values)
    {
        byte[] raw = new byte[values.Count * 8];
        for (int i = 0; i < values.Count; i++) BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * 8), values[i]);
        return new(new WireMessage().Add(Dims, values.Count).Add(DataType, Int64).Add(NameField, name).Add(RawData, raw));
    }

    /// <summary>A tensor with its values in the graph.</summary>
    /// <param name="element">ONNX's number of their type.</param>
    /// <param name="raw">The values, little-endian.</param>
    public static OnnxTensor Of(string name, long element, IEnumerable<long> shape, ReadOnlyMemory<byte> raw) =>
        new(Shaped(name, element, shape).Add(RawData, raw));

    /// <summary>A tensor whose values lie in a file.</summary>
    /// <param name="location">The file, relative to the folder that the model finds its weights in, with <c>/</c>.</param>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="length">How many bytes they take.</param>
    public static OnnxTensor InFile(string name, long element, IEnumerable<long> shape, string location, long offset, long length) =>
        new(AddPlace(Shaped(name, element, shape), location, offset, length));

    /// <summary>
    /// Reads a tensor; values longer than <paramref name="longest"/> bytes stay in the file, and the tensor tells ONNX Runtime where they lie in it.
    /// Without a file all of them are taken into memory.
    /// </summary>
    public static OnnxTensor Read(WireReader reader, WireSpan tensor, string? file, long longest)
    {
        var message = new WireMessage();
        WireSpan? left = null;
        TensorPlace? place = null;
        reader.Position = tensor.Start;
        while (reader.NextWhole(tensor.End, out var field))
        {
            if (field.Number == RawData && file is not null) place = new(file, field.Start, field.Length);
            if (field.Number == RawData && file is not null && field.Length > longest) left = field;
            else message.Fields.Add(WireMessage.InMemory(field, reader.Read(field)));
            reader.Position = field.End;
        }
        if (left is { } values) AddPlace(message.Remove(DataLocation), file!, values.Start, values.Length);
        return new(message) { Place = place ?? PlaceOf(message) };
    }

    /// <summary>Rewrites where values outside the graph lie: <paramref name="place"/> is given the stored path and gives the one to store.</summary>
    public void Relocate(Func<string, string> place)
    {
        for (int i = 0; i < message.Fields.Count; i++)
        {
            if (message.Fields[i].Number != ExternalData) continue;
            var entry = WireMessage.Parse(message.Fields[i].Bytes.ToArray());
            if (entry.Text(1) != "location") continue;
            string moved = place(entry.Text(2));
            message.Fields[i] = message.Fields[i] with { Bytes = Entry("location", moved).ToArray() };
            Place = Place is { } before ? before with { Location = moved } : null;
        }
    }

    public byte[] ToArray() => message.ToArray();

    private static WireMessage Shaped(string name, long element, IEnumerable<long> shape)
    {
        var message = new WireMessage();
        foreach (long side in shape) message.Add(Dims, side);
        return message.Add(DataType, element).Add(NameField, name);
    }

    private static WireMessage AddPlace(WireMessage message, string location, long offset, long length) => message
        .Add(ExternalData, Entry("location", location)).Add(ExternalData, Entry("offset", $"{offset}"))
        .Add(ExternalData, Entry("length", $"{length}"))
        .Add(DataLocation, External);

    private static TensorPlace? PlaceOf(WireMessage message)
    {
        var entries = message.Messages(ExternalData).ToLookup(entry => entry.Text(1), entry => entry.Text(2));
        return entries["location"].LastOrDefault() is { Length: > 0 } location ? new(location, NumberOf("offset"), NumberOf("length")) : null;

        long NumberOf(string key) => long.TryParse(entries[key].LastOrDefault(), out long number) ? number : 0;
    }

    private static WireMessage Entry(string key, string value) => new WireMessage().Add(1, key).Add(2, value);
}

/// <summary>A run of bytes in a file.</summary>
/// <param name="Location">The file, relative to the graph's folder, with <c>/</c>.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">How many bytes; 0: it is not said.</param>
internal readonly record struct TensorPlace(string Location, long Offset, long Length);

using System.Text;

namespace Darkroom.Models.Catalog.Parts;

/// <summary>A file beside a graph that holds weights of it, and how long it must be at least.</summary>
internal readonly record struct ExternalData(string Location, long Bytes);

/// <summary>
/// Walks over an ONNX file (protobuf) without loading it: weights are skipped, so a file of gigabytes takes milliseconds. Finds the external data
/// files and sees whether the file is whole.
/// </summary>
internal sealed class OnnxOutline
{
    private const int DeepestGraph = 48, LongestText = 4096;

    // Wire types of protobuf.
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private enum Message { Skipped, Model, Graph, Node, Attribute, Tensor, Entry }

    private readonly Stream stream;
    private readonly Dictionary<string, long> files = new(StringComparer.Ordinal);
    private bool hasGraph;

    private OnnxOutline(Stream stream) => this.stream = stream;

    /// <exception cref="InvalidDataException">Cut off, or not ONNX; the message says which, to stand behind the file's name.</exception>
    public static IReadOnlyList<ExternalData> Read(Stream stream)
    {
        var outline = new OnnxOutline(stream);
        outline.Walk(Message.Model, stream.Length, 0);
        if (!outline.hasGraph) throw NotOnnx();
        return [.. outline.files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new ExternalData(file.Key, file.Value))];
    }

    // Field numbers of onnx.proto.
    private static Message Inside(Message message, long field) => (message, field) switch
    {
        (Message.Model, 7) => Message.Graph,
        (Message.Graph, 1) => Message.Node,
        (Message.Graph, 5) => Message.Tensor,
        (Message.Node, 5) => Message.Attribute,
        (Message.Attribute, 5 or 10) => Message.Tensor,
        (Message.Attribute, 6 or 11) => Message.Graph,
        (Message.Tensor, 13) => Message.Entry,
        _ => Message.Skipped,
    };

    private void Walk(Message message, long end, int depth)
    {
        if (depth > DeepestGraph) throw NotOnnx();
        string? location = null;
        long offset = 0, length = 0;
        while (stream.Position < end)
        {
            long tag = ReadVarint(end);
            long field = tag >>> 3;
            if (field == 0) throw NotOnnx();
            long size = (tag & 7) switch
            {
                Varint => SkipVarint(end),
                Fixed64 => 8,
                Fixed32 => 4,
                Bytes => ReadVarint(end),
                _ => throw NotOnnx(),
            };
            long next = stream.Position + size;
            if (size < 0 || next < 0 || next > end) throw IsGraph(message, field) && next > 0 ? CutOff(next) : NotOnnx();
            if ((tag & 7) == Bytes)
            {
                var inside = Inside(message, field);
                if (IsGraph(message, field)) hasGraph = true;
                if (inside == Message.Entry) ReadEntry(next, ref location, ref offset, ref length);
                else if (inside != Message.Skipped) Walk(inside, next, depth + 1);
            }
            stream.Position = next;
        }
        if (location is not null) files[location] = Math.Max(files.GetValueOrDefault(location), offset + length);
    }

    /// <summary>A key and its value: <c>location</c>, <c>offset</c>, <c>length</c>.</summary>
    private void ReadEntry(long end, ref string? location, ref long offset, ref long length)
    {
        string key = "", value = "";
        while (stream.Position < end)
        {
            long tag = ReadVarint(end);
            if ((tag & 7) != Bytes) throw NotOnnx();
            string text = ReadText(end);
            if (tag >>> 3 == 1) key = text;
            else if (tag >>> 3 == 2) value = text;
        }
        if (key == "location") location = value;
        else if (key is "offset" or "length" && long.TryParse(value, out long number) && number is >= 0 and < 1L << 50)
            (key == "offset" ? ref offset : ref length) = number;
    }

    private string ReadText(long end)
    {
        long size = ReadVarint(end);
        if (size is < 0 or > LongestText || stream.Position + size > end) throw NotOnnx();
        byte[] bytes = new byte[size];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private long ReadVarint(long end)
    {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (stream.Position >= end) throw NotOnnx();
            int next = stream.ReadByte();
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw NotOnnx();
    }

    private long SkipVarint(long end)
    {
        ReadVarint(end);
        return 0;
    }

    private static bool IsGraph(Message message, long field) => message == Message.Model && field == 7;

    /// <summary>The graph is nearly the whole file; where it would end tells how much is missing.</summary>
    private InvalidDataException CutOff(long end) => new($"is cut off: {stream.Length} bytes of {end} are there");

    private static InvalidDataException NotOnnx() => new("is not an ONNX graph");
}

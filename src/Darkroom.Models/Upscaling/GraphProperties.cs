using System.Text;

namespace Darkroom.Models.Upscaling;

/// <summary>
/// What an ONNX file says of itself: <c>metadata_props</c>, field 14 of <c>ModelProto</c> (onnx.proto), read without loading the graph.
/// For files of any origin: what does not look right ends the reading.
/// </summary>
internal static class GraphProperties
{
    private const int Field = 14, MaxEntries = 256, MaxEntryBytes = 65536;

    // Wire types of protobuf.
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    public static IReadOnlyDictionary<string, string> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        while (stream.Position < stream.Length && found.Count < MaxEntries && TryVarint(stream, out ulong tag))
        {
            ulong length = 0;
            bool read = (int)(tag & 7) switch
            {
                Varint => TryVarint(stream, out _),
                Fixed64 => (length = 8) > 0,
                Fixed32 => (length = 4) > 0,
                Bytes => TryVarint(stream, out length),
                _ => false,
            };
            if (!read || length > (ulong)(stream.Length - stream.Position)) break;
            if (tag == (Field << 3 | Bytes) && length <= MaxEntryBytes)
            {
                byte[] entry = new byte[length];
                stream.ReadExactly(entry);
                if (Entry(new MemoryStream(entry)) is { Key.Length: > 0 } pair) found[pair.Key] = pair.Value;
            }
            else
            {
                stream.Position += (long)length;
            }
        }
        return found;
    }

    /// <summary><c>StringStringEntryProto</c>: field 1 is the key, field 2 the value.</summary>
    private static (string Key, string Value) Entry(MemoryStream entry)
    {
        string key = "", value = "";
        while (entry.Position < entry.Length && TryVarint(entry, out ulong tag) && (tag & 7) == Bytes && TryVarint(entry, out ulong length)
            && length <= (ulong)(entry.Length - entry.Position))
        {
            byte[] text = new byte[length];
            entry.ReadExactly(text);
            if (tag >> 3 == 1) key = Encoding.UTF8.GetString(text);
            else if (tag >> 3 == 2) value = Encoding.UTF8.GetString(text);
        }
        return (key, value);
    }

    private static bool TryVarint(Stream stream, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = stream.ReadByte();
            if (next < 0) return false;
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return true;
        }
        return false;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Darkroom.Models.Files.Safetensors;

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Sides.</param>
/// <param name="Values">Row-major.</param>
public sealed record FloatTensor(string Name, IReadOnlyList<int> Shape, float[] Values);

/// <summary>Writes files of float32 tensors in the safetensors format: the length of a header, the header as JSON, the values one after another.</summary>
public static class SafetensorsBytes
{
    /// <summary>The header is filled up with blanks to a multiple of this, as the format's own library does: values are aligned for any type.</summary>
    private const int Alignment = 8;

    /// <param name="metadata">Told in the header; text for text.</param>
    /// <param name="tensors">Their names differ.</param>
    public static byte[] Of(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<FloatTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        byte[] header = Header(metadata, tensors);
        int start = sizeof(long) + (header.Length + Alignment - 1) / Alignment * Alignment;
        byte[] file = new byte[start + sizeof(float) * tensors.Sum(tensor => tensor.Values.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(file, start - sizeof(long));
        header.CopyTo(file, sizeof(long));
        file.AsSpan((sizeof(long) + header.Length)..start).Fill((byte)' ');
        foreach (var tensor in tensors)
        {
            MemoryMarshal.AsBytes<float>(tensor.Values).CopyTo(file.AsSpan(start));
            start += sizeof(float) * tensor.Values.Length;
        }
        return file;
    }

    private static byte[] Header(IReadOnlyDictionary<string, string> metadata, IReadOnlyList<FloatTensor> tensors)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (var (name, value) in metadata) json.WriteString(name, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (int side in tensor.Shape) json.WriteNumberValue(side);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += sizeof(float) * (long)tensor.Values.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Darkroom.TestKit;

/// <summary>A tensor of a golden file, widened to float32 (integers and doubles keep their value where float32 can hold it).</summary>
public sealed record GoldenTensor(int[] Shape, float[] Values)
{
    /// <summary>Entry <paramref name="index"/> of the first axis.</summary>
    public ReadOnlySpan<float> this[int index]
    {
        get
        {
            int size = Values.Length / Shape[0];
            return Values.AsSpan(index * size, size);
        }
    }
}

/// <summary>All tensors of a safetensors file: 8 bytes header length, JSON header, raw little-endian data.</summary>
public sealed class TensorFile
{
    private readonly Dictionary<string, GoldenTensor> tensors = [];

    public IEnumerable<string> Names => tensors.Keys;

    public GoldenTensor this[string name] => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"No tensor '{name}'; there are {string.Join(", ", tensors.Keys)}.");

    public bool Has(string name) => tensors.ContainsKey(name);

    public static TensorFile Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int header = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        var data = bytes.AsSpan(8 + header);
        var file = new TensorFile();
        using var json = JsonDocument.Parse(bytes.AsMemory(8, header));
        foreach (var entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())];
            int start = entry.Value.GetProperty("data_offsets")[0].GetInt32(), end = entry.Value.GetProperty("data_offsets")[1].GetInt32();
            file.tensors[entry.Name] = new(shape, Widen(entry.Value.GetProperty("dtype").GetString()!, data[start..end]));
        }
        return file;
    }

    private static float[] Widen(string type, ReadOnlySpan<byte> raw) => type switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(raw).ToArray(),
        "F64" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(raw).ToArray(), v => (float)v),
        "F16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(raw).ToArray(), v => (float)v),
        "I64" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(raw).ToArray(), v => (float)v),
        "I32" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(raw).ToArray(), v => (float)v),
        _ => throw new NotSupportedException($"Golden tensors of type {type} are not read."),
    };
}

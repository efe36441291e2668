using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Darkroom.TestKit.Checkpoints;

/// <summary>A tensor as it is stored.</summary>
/// <param name="Type">As the format names it.</param>
/// <param name="Shape">Its sides.</param>
/// <param name="Bytes">Its values.</param>
public sealed record RawTensor(string Type, long[] Shape, byte[] Bytes)
{
    /// <summary>Tensors one below the other.</summary>
    public static RawTensor Stack(IReadOnlyList<RawTensor> parts) =>
        new(parts[0].Type, [parts.Sum(part => part.Shape[0]), .. parts[0].Shape[1..]], [.. parts.SelectMany(part => part.Bytes)]);

    /// <summary>The second half of the rows, then the first.</summary>
    public RawTensor Swapped() => this with { Bytes = [.. Bytes[(Bytes.Length / 2)..], .. Bytes[..(Bytes.Length / 2)]] };

    /// <summary>The values of float16 or float32.</summary>
    public float[] Floats() => Type == "F16"
        ? [.. Enumerable.Range(0, Bytes.Length / 2).Select(i => (float)BitConverter.ToHalf(Bytes, 2 * i))]
        : [.. Enumerable.Range(0, Bytes.Length / 4).Select(i => BitConverter.ToSingle(Bytes, 4 * i))];

    public static RawTensor Of(long[] shape, IEnumerable<float> values) => new("F32", shape, [.. values.SelectMany(BitConverter.GetBytes)]);
}

/// <summary>Reads and writes safetensors files without looking at their values.</summary>
public static class RawTensors
{
    public static Dictionary<string, RawTensor> Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = 8 + checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        using var json = JsonDocument.Parse(bytes.AsMemory(8, start - 8));
        return json.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
        {
            int from = entry.Value.GetProperty("data_offsets")[0].GetInt32(), to = entry.Value.GetProperty("data_offsets")[1].GetInt32();
            return new RawTensor(entry.Value.GetProperty("dtype").GetString()!,
                [.. entry.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())], bytes[(start + from)..(start + to)]);
        });
    }

    public static void Write(string path, IEnumerable<KeyValuePair<string, RawTensor>> tensors)
    {
        var all = tensors.ToArray();
        var header = new Dictionary<string, object>();
        long end = 0;
        foreach (var (name, tensor) in all)
            header[name] = new { dtype = tensor.Type, shape = tensor.Shape, data_offsets = (long[])[end, end += tensor.Bytes.Length] };
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((ulong)json.Length));
        file.Write(json);
        foreach (var (_, tensor) in all) file.Write(tensor.Bytes);
    }
}

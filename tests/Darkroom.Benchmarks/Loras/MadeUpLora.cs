using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Darkroom.Benchmarks.Loras;

/// <summary>A LoRA of random values in kohya's names, float16, over the attention and feed-forward layers of a U-Net.</summary>
internal static class MadeUpLora
{
    /// <summary>Whether a weight is one that LoRAs are usually trained for.</summary>
    public static bool IsLayer(string weight, IReadOnlyList<long> shape) =>
        IsAttention(weight, shape) || (shape.Count == 2 && weight.Contains(".ff.", StringComparison.Ordinal));

    /// <summary>Whether a weight is one of an attention's projections.</summary>
    public static bool IsAttention(string weight, IReadOnlyList<long> shape) =>
        shape.Count == 2 && (weight.Contains(".attn1.", StringComparison.Ordinal) || weight.Contains(".attn2.", StringComparison.Ordinal));

    /// <param name="layers">Weights and their shapes, by the names of diffusers' modules.</param>
    /// <returns>Values of the file.</returns>
    public static long Write(string path, IEnumerable<(string Weight, IReadOnlyList<long> Shape)> layers, int rank, int seed)
    {
        var random = new Random(seed);
        var header = new Dictionary<string, object>();
        using var values = new MemoryStream();
        foreach (var (weight, shape) in layers)
        {
            string layer = "lora_unet_" + weight[..^".weight".Length].Replace('.', '_');
            Add(layer + ".lora_down.weight", [rank, shape[1]], 1f / rank);
            Add(layer + ".lora_up.weight", [shape[0], rank], 0.05f);
            Add(layer + ".alpha", [], rank);
        }
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((ulong)json.Length));
        file.Write(json);
        values.WriteTo(file);
        return values.Length / 2;

        void Add(string name, long[] shape, float scale)
        {
            var halves = new Half[shape.Aggregate(1L, static (count, side) => count * side)];
            for (int i = 0; i < halves.Length; i++) halves[i] = (Half)(shape.Length == 0 ? scale : scale * (2 * random.NextSingle() - 1));
            header[name] = new { dtype = "F16", shape, data_offsets = (long[])[values.Length, values.Length + 2 * halves.Length] };
            values.Write(MemoryMarshal.AsBytes<Half>(halves));
        }
    }
}

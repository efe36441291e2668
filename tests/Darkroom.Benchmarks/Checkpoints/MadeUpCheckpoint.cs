using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Benchmarks.Checkpoints;

/// <summary>A checkpoint in one file with the names and sizes of a published one and random weights, as large as networks have them before training.</summary>
internal static class MadeUpCheckpoint
{
    private const int Chunk = 1 << 20;

    /// <param name="kind"><c>sd15</c>, <c>sd21</c> or <c>sdxl</c>.</param>
    /// <param name="half">float16, else float32.</param>
    public static void Write(string path, string kind, bool half)
    {
        (string Name, long[] Shape)[] tensors =
        [
            .. kind switch
            {
                "sd15" => PublishedTensors.StableDiffusion1(),
                "sd21" => PublishedTensors.StableDiffusion2(),
                "sdxl" => PublishedTensors.StableDiffusionXl(),
                _ => throw new ArgumentException($"there is no checkpoint '{kind}'; there are sd15, sd21, sdxl"),
            },
        ];
        int size = half ? 2 : 4;
        var header = new Dictionary<string, object>();
        long end = 0;
        foreach (var (name, shape) in tensors)
        {
            long bytes = shape.Aggregate((long)size, static (count, side) => count * side);
            header[name] = new { dtype = half ? "F16" : "F32", shape, data_offsets = (long[])[end, end += bytes] };
        }
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 20);
        file.Write(BitConverter.GetBytes((ulong)json.Length));
        file.Write(json);
        float[] noise = new float[Chunk], values = new float[Chunk];
        var halves = new Half[Chunk];
        var random = new Random(1);
        for (int i = 0; i < Chunk; i++) noise[i] = 2 * random.NextSingle() - 1;
        foreach (var (name, shape) in tensors)
        {
            long count = shape.Aggregate(1L, static (count, side) => count * side);
            // A norm lets through what comes in; of a layer's inputs each counts the less the more there are.
            bool isNorm = shape.Length == 1 && name.EndsWith(".weight", StringComparison.Ordinal);
            float scale = shape.Length < 2 ? 0 : MathF.Sqrt(3f / shape.Skip(1).Aggregate(1L, static (inputs, side) => inputs * side));
            for (long at = 0; at < count; at += Chunk)
            {
                int part = (int)Math.Min(Chunk, count - at), from = random.Next(Chunk - part + 1);
                var own = values.AsSpan(0, part);
                if (isNorm) own.Fill(1);
                else TensorPrimitives.Multiply(noise.AsSpan(from, part), scale, own);
                if (half) TensorPrimitives.ConvertToHalf(own, halves.AsSpan(0, part));
                file.Write(half ? MemoryMarshal.AsBytes(halves.AsSpan(0, part)) : MemoryMarshal.AsBytes(own));
            }
        }
    }
}

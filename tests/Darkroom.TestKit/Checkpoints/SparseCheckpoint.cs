using System.Text;
using System.Text.Json;

namespace Darkroom.TestKit.Checkpoints;

/// <summary>Files of weights of their real size that take no room on disk: all values are zeros but those that are given.</summary>
public static class SparseCheckpoint
{
    /// <param name="path">Where to.</param>
    /// <param name="tensors">Names and shapes; all are float16.</param>
    /// <param name="values">Of some of them.</param>
    public static void Write(string path, IEnumerable<(string Name, long[] Shape)> tensors, params (string Name, Half[] Values)[] values)
    {
        var header = new Dictionary<string, object>();
        var places = new Dictionary<string, long>();
        long end = 0;
        foreach (var (name, shape) in tensors)
        {
            places[name] = end;
            long bytes = shape.Aggregate(2L, static (size, side) => size * side);
            header[name] = new { dtype = "F16", shape, data_offsets = (long[])[end, end += bytes] };
        }
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        using var file = File.Create(path);
        file.Write(BitConverter.GetBytes((ulong)json.Length));
        file.Write(json);
        long start = file.Position;
        file.SetLength(start + end);
        foreach (var (name, given) in values)
        {
            file.Position = start + places[name];
            file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(given.AsSpan()));
        }
    }
}

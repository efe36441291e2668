using System.Text;
using System.Text.Json;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Tests.Networks;

/// <summary>A safetensors file of a few made-up tensors, in a folder of its own.</summary>
internal sealed class WeightsFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-weights-").FullName;
    private readonly Dictionary<string, object> header = [];
    private readonly List<byte> values = [];

    public string Path => System.IO.Path.Combine(folder, "model.safetensors");

    /// <param name="type">As the format names it.</param>
    public WeightsFile Add(string name, string type, int[] shape, byte[] bytes)
    {
        header[name] = new { dtype = type, shape, data_offsets = (int[])[values.Count, values.Count + bytes.Length] };
        values.AddRange(bytes);
        return this;
    }

    public WeightsFile Add(string name, int[] shape, params float[] numbers) =>
        Add(name, "F32", shape, [.. numbers.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A note of the file's writer.</summary>
    public WeightsFile Metadata(string name, string text)
    {
        header["__metadata__"] = new Dictionary<string, string> { [name] = text };
        return this;
    }

    public SafetensorsFile Read()
    {
        byte[] json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. values]);
        return SafetensorsFile.Read(Path);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

using System.Text;
using Darkroom.Models.Files.Safetensors;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Files;

/// <summary>Files of tensors that are written here are read by what reads those of others.</summary>
public sealed class SafetensorsBytesTests
{
    [Fact]
    public void Names_shapes_and_values_are_read_back()
    {
        FloatTensor[] tensors = [new("mid_block", [2, 1, 3], [1, -2, 3.5f, float.Epsilon, 0, 1e30f]), new("a/\"b\"", [], [7])];
        byte[] file = SafetensorsBytes.Of(new Dictionary<string, string> { ["model"] = "starter", ["seed"] = "7" }, tensors);
        Assert.Equal(0, (BitConverter.ToInt64(file) + 8) % 8);
        Assert.Contains("""{"__metadata__":{"model":"starter","seed":"7"},""", Encoding.UTF8.GetString(file, 8, 80), StringComparison.Ordinal);
        string path = Path.Combine(Directory.CreateTempSubdirectory("darkroom-tensors-").FullName, "features.safetensors");
        try
        {
            File.WriteAllBytes(path, file);
            var read = TensorFile.Read(path);
            Assert.Equal([2, 1, 3], read["mid_block"].Shape);
            Assert.Equal(tensors[0].Values, read["mid_block"].Values);
            Assert.Equal(tensors[1].Values, read["a/\"b\""].Values);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}

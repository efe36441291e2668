using System.Text.Json;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Networks;

/// <summary>One network of the pack's families: its config and weights in diffusers' layout, and the graph that the exporter made of it.</summary>
internal sealed class PackNetwork(string family, string part)
{
    public JsonElement Config => ConformancePack.Json("pipelines", family, "diffusers", part, "config.json");

    public FileWeights Weights => new([.. Directory.EnumerateFiles(ConformancePack.PathOf("pipelines", family, "diffusers", part), "*.safetensors")
        .Order(StringComparer.Ordinal).Select(SafetensorsFile.Read)]);

    /// <param name="exported">The exporter's name of the part.</param>
    public static string Exported(string family, string exported) => ConformancePack.PathOf("pipelines", family, "onnx", exported, "model.onnx");

    public WrittenGraph Write(Func<NetworkWriter, WrittenGraph?> write, GraphTarget? target = null)
    {
        var faults = new FaultList();
        var written = write(new NetworkWriter(target ?? GraphTarget.Cpu, Weights, faults, part));
        Assert.Null(faults.ToString());
        return written!;
    }
}

using Darkroom.Benchmarks.Checkpoints;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.Shapes;
using Darkroom.Models.Networks.UNets;
using Darkroom.TestKit;

namespace Darkroom.Benchmarks.Loras;

/// <summary>A model that LoRAs are measured with: a made-up checkpoint of a published size, or the pack's smallest.</summary>
internal sealed class LoraSubject : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-lora-").FullName;

    /// <param name="kind"><c>tiny</c>, <c>sd15</c>, <c>sd21</c> or <c>sdxl</c>.</param>
    public LoraSubject(string kind)
    {
        Path = kind == "tiny" ? ConformancePack.PathOf("pipelines", "sd15-tiny", "diffusers") : System.IO.Path.Combine(folder, kind + ".safetensors");
        if (kind != "tiny") MadeUpCheckpoint.Write(Path, kind, half: true);
    }

    public string Path { get; }

    /// <summary>The U-Net's graph.</summary>
    /// <param name="over">Lays something over the weights.</param>
    public WrittenGraph Write(Func<IWeights, IWeights>? over = null) => Write(over, out _);

    /// <summary>The weights of the U-Net that a LoRA is for.</summary>
    public IReadOnlyList<(string Weight, IReadOnlyList<long> Shape)> Layers(Func<string, IReadOnlyList<long>, bool> which)
    {
        Write(null, out var needed);
        return [.. needed.Where(weight => which(weight.Key, weight.Value)).Select(weight => (weight.Key, weight.Value))];
    }

    /// <summary>A file for a LoRA.</summary>
    public string LoraPath(string name) => System.IO.Path.Combine(folder, name + ".safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private WrittenGraph Write(Func<IWeights, IWeights>? over, out IReadOnlyDictionary<string, IReadOnlyList<long>> needed)
    {
        var faults = new FaultList();
        var place = ModelPlace.At(Path);
        var weights = place.Source.Find("unet", faults)!;
        var network = new NetworkWriter(GraphTarget.Cpu, over is null ? weights.Weights : over(weights.Weights), faults, weights.Name);
        var written = UNetShapeFile.Read(place.Root, faults) is { } shape ? UNet.Write(shape, network) : null;
        needed = network.Needed;
        return written ?? throw new InvalidDataException(faults.ToString());
    }
}

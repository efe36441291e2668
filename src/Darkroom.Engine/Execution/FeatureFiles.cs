using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Engine.Execution;

/// <summary>What a row read of a network's layers, as a file.</summary>
internal static class FeatureFiles
{
    /// <summary>A safetensors file: a tensor for each layer, and what says which they are.</summary>
    public static byte[] Of(Row row)
    {
        var (request, memory) = (row.Request, row.Memory);
        return SafetensorsBytes.Of(
            new Dictionary<string, string>
            {
                ["model"] = request.Model,
                ["model_hash"] = memory.ModelHash,
                ["timestep"] = request.Features!.Timestep.ToString(CultureInfo.InvariantCulture),
                ["seed"] = memory.Seed.ToString(CultureInfo.InvariantCulture),
            },
            memory.Features!);
    }

    /// <summary>The same in words, with where the file lies.</summary>
    public static FeaturesFound FoundOf(Row row, string artifact, string sha256, long bytes) =>
        new([.. row.Memory.Features!.Select(tensor => new LayerFound(tensor.Name, tensor.Shape))], artifact, sha256, bytes);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.TestKit;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Models.Tests.Families;

/// <summary>
/// A pack's model with weights in files whose U-Net has twice the channels, and random weights: wide enough to be quantised, which the pack's own are not.
/// </summary>
internal sealed class WideModel : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("darkroom-wide-");

    /// <param name="name">Of the pack's model.</param>
    public WideModel(string name)
    {
        string from = ConformancePack.PathOf("pipelines", name, "diffusers");
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(Root, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        string config = Path.Combine(Root, "unet", "config.json");
        var json = JsonNode.Parse(File.ReadAllText(config))!;
        json["block_out_channels"] = new JsonArray([.. json["block_out_channels"]!.AsArray().Select(side => JsonValue.Create(2 * (int)side!))]);
        File.WriteAllText(config, json.ToJsonString(JsonSerializerOptions.Web));
        var random = new Random(1);
        RawTensors.Write(
            SingleFile.PathOf(Root, "unet"), SingleFile.Read(from, "unet").ToDictionary(one => one.Key, one => Widened(one.Key, one.Value, random)));
    }

    public string Root => folder.FullName;

    public void Dispose() => folder.Delete(recursive: true);

    private static RawTensor Widened(string name, RawTensor tensor, Random random)
    {
        long[] shape = [.. tensor.Shape.Select((side, axis) => axis < 2 && !IsFixed(name, axis) ? 2 * side : side)];
        bool isNorm = shape.Length == 1 && name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal);
        double scale = Math.Sqrt(3.0 / shape.Skip(1).Aggregate(1L, static (inputs, side) => inputs * side));
        return RawTensor.Of(shape, Enumerable.Range(0, (int)shape.Aggregate(1L, static (count, side) => count * side))
            .Select(_ => isNorm ? 1 : (float)(scale * (2 * random.NextDouble() - 1) * (shape.Length == 1 ? 0.1 : 1))));
    }

    /// <summary>Whether a side is that of latents, of a text or of a picture's sizes.</summary>
    private static bool IsFixed(string name, int axis) => axis == 0
        ? name.StartsWith("conv_out.", StringComparison.Ordinal)
        : name.StartsWith("conv_in.", StringComparison.Ordinal) || name.StartsWith("add_embedding.linear_1.", StringComparison.Ordinal)
            || name.Contains(".attn2.to_k.", StringComparison.Ordinal) || name.Contains(".attn2.to_v.", StringComparison.Ordinal);
}

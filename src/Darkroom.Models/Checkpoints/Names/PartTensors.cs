using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Names;

/// <summary>The tensors of one part of a model in a file that holds several, by their names behind the part's prefix; float8 with its scale.</summary>
/// <param name="file">The file.</param>
/// <param name="prefix">Before each of the part's names; may be empty.</param>
internal sealed class PartTensors(SafetensorsFile file, string prefix)
{
    private const string Weight = ".weight";

    // ComfyUI's files of 2024, and those since 2025: one number for a whole weight.
    private static readonly string[] Scales = [".scale_weight", ".weight_scale"];

    public bool Has(string name) => file.Tensors.ContainsKey(prefix + name);

    /// <summary>The tensor; null where there is none of the name.</summary>
    public StoredTensor? Find(string name) => file.Tensors.GetValueOrDefault(prefix + name) is not { } tensor ? null
        : tensor.Type is StoredType.F8E4M3 or StoredType.F8E5M2 && name.EndsWith(Weight, StringComparison.Ordinal)
            ? tensor with { Scale = ScaleOf(name[..^Weight.Length]) } : tensor;

    private StoredTensor? ScaleOf(string layer) =>
        Scales.Select(end => file.Tensors.GetValueOrDefault(prefix + layer + end)).FirstOrDefault(scale => scale is { Count: 1 });
}

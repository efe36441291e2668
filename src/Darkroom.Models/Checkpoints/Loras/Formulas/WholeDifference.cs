using System.Numerics.Tensors;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>ΔW as it stands in the file, or that of a bias.</summary>
internal sealed class WholeDifference(LoraLayer layer, StoredTensor difference)
    : LoraFormula(layer, difference.Shape.Count > 0 ? difference.Shape[0] : 1, difference.Shape is [> 0 and var rows, ..] ? difference.Count / rows : 1, null)
{
    private readonly Lazy<float[]> values = new(() => Read(layer, difference));

    public override void AddTo(Span<float> rows, int first, float factor) =>
        TensorPrimitives.MultiplyAdd(values.Value.AsSpan((int)(first * Columns), rows.Length), factor, rows, rows);
}

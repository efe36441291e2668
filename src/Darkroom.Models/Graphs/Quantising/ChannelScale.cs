using System.Numerics.Tensors;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>Multiplies a weight by a scale for each of its rows, or for each value of a row: exports store whole numbers so.</summary>
/// <param name="scale">The scales.</param>
/// <param name="ofRows">Whether there is one for each row.</param>
internal sealed class ChannelScale(StoredTensor scale, bool ofRows) : IWeightChange
{
    private readonly Lazy<float[]> values = new(scale.ReadFloats);

    public void Apply(Span<float> rows, int first, int columns)
    {
        float[] scales = values.Value;
        for (int row = 0; row * columns < rows.Length; row++)
        {
            var part = rows.Slice(row * columns, columns);
            if (ofRows || scales.Length == 1) TensorPrimitives.Multiply(part, scales[scales.Length == 1 ? 0 : first + row], part);
            else TensorPrimitives.Multiply(part, scales, part);
        }
    }
}

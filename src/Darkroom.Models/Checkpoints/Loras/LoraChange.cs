using System.Numerics.Tensors;
using Darkroom.Models.Checkpoints.Loras.Formulas;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>
/// Merges a layer of a LoRA into a weight: W + weight · scale · ΔW. With DoRA the sum V = W + scale · ΔW gets norms of its own, W' = m · V / ‖V‖, and W goes
/// towards W' by the LoRA's weight (Liu et al., 2024, https://arxiv.org/abs/2402.09353).
/// </summary>
/// <param name="layer">Of the LoRA.</param>
/// <param name="formula">Its ΔW.</param>
/// <param name="target">What it is added to.</param>
/// <param name="weight">The LoRA's.</param>
/// <param name="whole">All of the weight, in its file and with what was changed before; asked for once at most.</param>
internal sealed class LoraChange(LoraLayer layer, LoraFormula formula, LoraTarget target, double weight, Func<float[]> whole) : IWeightChange
{
    private readonly Lazy<float[]?> magnitudes = new(() => layer.Find(LoraRole.Magnitude)?.ReadFloats());

    // Of DoRA over columns: what each is to be multiplied by.
    private readonly Lazy<float[]?> columnFactors = new(() => OverColumns(layer, formula) ? FactorsOf(layer, formula, whole()) : null);

    public void Apply(Span<float> rows, int first, int columns)
    {
        int begin = (int)Math.Max(first, target.To), end = (int)Math.Min(first + rows.Length / columns, target.To + target.Count);
        if (begin >= end) return;
        var ours = rows[((begin - first) * columns)..((end - first) * columns)];
        int from = (int)(begin - target.To + target.From);
        if (magnitudes.Value is not { } norms)
        {
            formula.AddTo(ours, from, (float)weight);
            return;
        }
        float[] sum = ours.ToArray();
        formula.AddTo(sum, from, 1);
        if (columnFactors.Value is { } factors)
            for (int i = 0; i < sum.Length; i++) sum[i] *= factors[i % columns];
        else
            for (int row = 0; row < end - begin; row++)
            {
                var one = sum.AsSpan(row * columns, columns);
                TensorPrimitives.Multiply(one, norms[from + row] / Math.Max(TensorPrimitives.Norm(one), float.Epsilon), one);
            }
        TensorPrimitives.Subtract(sum, ours, sum);
        TensorPrimitives.MultiplyAdd(sum, (float)weight, ours, ours);
    }

    /// <summary>Whether a layer's magnitudes are those of columns: of inputs.</summary>
    public static bool OverColumns(LoraLayer layer, LoraFormula formula) =>
        layer.Find(LoraRole.Magnitude) is { } magnitude && (magnitude.Shape.Count == 0 || magnitude.Shape[0] != formula.Rows);

    /// <summary>Of each column of the weight its input's magnitude over the norm of what belongs to the input, in all rows.</summary>
    private static float[] FactorsOf(LoraLayer layer, LoraFormula formula, float[] sum)
    {
        formula.AddTo(sum, 0, 1);
        float[] norms = layer.Find(LoraRole.Magnitude)!.ReadFloats(), factors = new float[formula.Columns];
        int kernel = factors.Length / norms.Length;
        var squares = new double[norms.Length];
        for (int i = 0; i < sum.Length; i++) squares[i % factors.Length / kernel] += (double)sum[i] * sum[i];
        for (int i = 0; i < factors.Length; i++) factors[i] = (float)(norms[i / kernel] / Math.Max(Math.Sqrt(squares[i / kernel]), double.Epsilon));
        return factors;
    }
}

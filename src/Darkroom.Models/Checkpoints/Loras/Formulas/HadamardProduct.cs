using System.Numerics.Tensors;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>LoHa: ΔW = (w1_a · w1_b) ∘ (w2_a · w2_b), multiplied value by value.</summary>
internal sealed class HadamardProduct : LoraFormula
{
    private readonly Lazy<(float[] Left, float[] Right, int Rank)> first, second;

    private HadamardProduct(LoraLayer layer, LowRank first, LowRank second) : base(layer, first.Rows, first.Columns, first.Rank) =>
        (this.first, this.second) = (new(first.ReadBoth), new(second.ReadBoth));

    /// <exception cref="InvalidDataException">Its tensors do not go together.</exception>
    public static new HadamardProduct Of(LoraLayer layer)
    {
        var first = LowRank.Of(layer, LoraRole.Hada1A, LoraRole.Hada1B, LoraRole.Hada1Core, transposedByCore: true);
        var second = LowRank.Of(layer, LoraRole.Hada2A, LoraRole.Hada2B, LoraRole.Hada2Core, transposedByCore: true);
        return first.Rows == second.Rows && first.Columns == second.Columns ? new(layer, first, second)
            : throw layer.Fault($"has two products of different sizes, [{first.Rows}, {first.Columns}] and [{second.Rows}, {second.Columns}]");
    }

    public override void AddTo(Span<float> rows, int first, float factor)
    {
        float[] left = Product(this.first.Value, first, rows.Length), right = Product(second.Value, first, rows.Length);
        TensorPrimitives.Multiply(left, factor * Scale, left);
        TensorPrimitives.MultiplyAdd(left, right, rows, rows);
    }

    private float[] Product((float[] Left, float[] Right, int Rank) factors, int first, int length)
    {
        float[] product = new float[length];
        int count = (int)(length / Columns);
        MatrixProduct.Add(product, factors.Left.AsSpan(first * factors.Rank, count * factors.Rank), factors.Right, factors.Rank);
        return product;
    }
}

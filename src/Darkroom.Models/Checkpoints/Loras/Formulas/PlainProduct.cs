using System.Numerics.Tensors;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>LoRA and LoCon: ΔW = up · down.</summary>
internal sealed class PlainProduct : LoraFormula
{
    private readonly Lazy<(float[] Up, float[] Down, int Rank)> factors;

    public PlainProduct(LoraLayer layer, LowRank product) : base(layer, product.Rows, product.Columns, product.Rank) => factors = new(product.ReadBoth);

    public override void AddTo(Span<float> rows, int first, float factor)
    {
        var (up, down, rank) = factors.Value;
        int count = (int)(rows.Length / Columns);
        float[] left = new float[count * rank];
        TensorPrimitives.Multiply(up.AsSpan(first * rank, left.Length), factor * Scale, left);
        MatrixProduct.Add(rows, left, down, rank);
    }
}

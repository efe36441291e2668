using System.Numerics.Tensors;
using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Checkpoints.Loras.Formulas;

/// <summary>
/// LoKr: ΔW = w1 ⊗ w2, Kronecker's product: value [a · n + b, c · m + d] is w1[a, c] · w2[b, d], with w2 of [n, m]. Each factor is stored whole or
/// as a product; alpha counts where one is a product.
/// </summary>
internal sealed class KroneckerProduct : LoraFormula
{
    private readonly Factor first, second;

    private KroneckerProduct(LoraLayer layer, Factor first, Factor second, long? rank)
        : base(layer, checked(first.Rows * second.Rows), checked(first.Columns * second.Columns), rank) => (this.first, this.second) = (first, second);

    /// <exception cref="InvalidDataException">Its tensors do not go together.</exception>
    public static new KroneckerProduct Of(LoraLayer layer)
    {
        var first = Factor.Of(layer, LoraRole.Lokr1, LoraRole.Lokr1A, LoraRole.Lokr1B, null);
        var second = Factor.Of(layer, LoraRole.Lokr2, LoraRole.Lokr2A, LoraRole.Lokr2B, LoraRole.Lokr2Core);
        try
        {
            return new(layer, first, second, second.Rank ?? first.Rank);
        }
        catch (OverflowException)
        {
            throw layer.Fault("is larger than any weight");
        }
    }

    public override void AddTo(Span<float> rows, int first, float factor)
    {
        float[] small = this.first.Values.Value, large = second.Values.Value;
        int high = (int)second.Rows, wide = (int)second.Columns, across = (int)this.first.Columns, columns = across * wide;
        for (int row = 0; row * columns < rows.Length; row++)
        {
            var (above, within) = Math.DivRem(first + row, high);
            var values = large.AsSpan(within * wide, wide);
            for (int c = 0; c < across; c++)
            {
                var target = rows.Slice(row * columns + c * wide, wide);
                TensorPrimitives.MultiplyAdd(values, small[above * across + c] * factor * Scale, target, target);
            }
        }
    }

    private sealed record Factor(long Rows, long Columns, long? Rank, Lazy<float[]> Values)
    {
        public static Factor Of(LoraLayer layer, LoraRole whole, LoraRole left, LoraRole right, LoraRole? core)
        {
            if (layer.Find(whole) is { } tensor)
                return tensor.Shape.Count >= 2 && tensor.Count > 0 ? new(tensor.Shape[0], tensor.Count / tensor.Shape[0], null, new(() => Read(layer, tensor)))
                    : throw layer.Fault($"has a factor of {StoredTensor.TextOf(tensor.Shape)}, which is no matrix");
            var product = LowRank.Of(layer, left, right, core, transposedByCore: true);
            return new(product.Rows, product.Columns, product.Rank, new(() =>
            {
                var (up, down, rank) = product.ReadBoth();
                float[] values = new float[checked((int)(product.Rows * product.Columns))];
                MatrixProduct.Add(values, up, down, rank);
                return values;
            }));
        }
    }
}

namespace Darkroom.Benchmarks.Profile;

/// <summary>
/// Floating-point operations of a node by its shapes, a multiplication and an addition each counted as one. Only what grows with the product of two axes
/// is counted: convolutions, matrix products and attention. Everything else counts as none, and shows by its time.
/// </summary>
internal static class NodeCost
{
    public static double Flops(ProfiledNode node)
    {
        var (inputs, outputs) = (node.Inputs, node.Outputs);
        if (inputs.Count == 0 || outputs.Count == 0) return 0;
        return node.OpType switch
        {
            "Conv" or "FusedConv" or "NhwcFusedConv" or "ConvInteger" => Convolution(inputs, outputs[0], weight: 1),
            "QLinearConv" => Convolution(inputs, outputs[0], weight: 3), // x, its scale and zero point, then the weight
            "Gemm" or "FusedGemm" => Product(Count(inputs[0]) / Rows(outputs[0]), outputs[0]),
            "MatMul" or "FusedMatMul" or "MatMulInteger" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" or "MatMulNBits" or "QLinearMatMul" =>
                Product(inputs[0].Count == 0 ? 0 : inputs[0][^1], outputs[0]),
            "MultiHeadAttention" or "Attention" => Attention(inputs),
            _ => 0,
        };
    }

    /// <summary>Of each output cell: as many products as one kernel has values. A blocked layout pads channels, which are computed too.</summary>
    private static double Convolution(IReadOnlyList<IReadOnlyList<long>> inputs, IReadOnlyList<long> output, int weight) =>
        inputs.Count <= weight || inputs[weight].Count < 3 ? 0 : 2 * Count(output) * inputs[weight].Skip(1).Aggregate(1.0, static (all, side) => all * side);

    private static double Product(double inner, IReadOnlyList<long> output) => 2 * inner * Count(output);

    /// <summary>
    /// Products of queries and keys, and of their shares and the values: [B, S, C], [B, T, C], [B, T, D]. With heads apart, [B, H, S, C], likewise.
    /// A causal mask is not taken off.
    /// </summary>
    private static double Attention(IReadOnlyList<IReadOnlyList<long>> inputs)
    {
        if (inputs.Count < 3 || inputs[0].Count < 3 || inputs[2].Count < 3) return 0;
        double queries = Count(inputs[0]), keys = inputs[1][^2], values = Count(inputs[0]) / inputs[0][^1] * inputs[2][^1];
        return 2 * keys * (queries + values);
    }

    private static double Rows(IReadOnlyList<long> output) => output.Count < 2 ? 1 : Count(output) / output[^1];

    private static double Count(IReadOnlyList<long> shape) => shape.Aggregate(1.0, static (all, side) => all * side);
}

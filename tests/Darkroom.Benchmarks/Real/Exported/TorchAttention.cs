using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>
/// torch's scaled_dot_product_attention as its exporter writes it: all products of two positions are held, and softmax stands between two MatMul.
/// </summary>
internal static class TorchAttention
{
    /// <param name="module">Whose nodes they are.</param>
    /// <param name="batch">A single number.</param>
    /// <param name="query">[B, S, C].</param>
    /// <param name="key">[B, T, C].</param>
    /// <param name="value">[B, T, C].</param>
    public static GraphValue Write(TorchModule module, GraphValue batch, GraphValue query, GraphValue key, GraphValue value, int heads)
    {
        var graph = module.Graph;
        int width = query.Width, own = width / heads;
        var each = module.Add("Div", 0, [module.Side(key, 2), graph.Integer(heads)]);
        each = module.Cast(module.Cast(each, OnnxElement.Int64), OnnxElement.Int64);
        var (q, k, v) = (Heads(query), Heads(key), Heads(value)); // [B, S, H, C/H]
        q = module.Turn(q, own, 0, 2, 1, 3); // [B, H, S, C/H]
        v = module.Turn(v, own, 0, 2, 1, 3);
        var length = module.Add("Slice", 0, [module.Add("Shape", 0, [q]), graph.Integers([-1]), graph.Integers([long.MaxValue])]);
        var root = module.Add("Sqrt", 0, [module.Cast(length, OnnxElement.Float)]);
        var scale = module.Cast(module.Add("Div", 0, [graph.Numbers([1], [1]), root]), OnnxElement.Float);
        var attended = Products(module, q, module.Turn(k, own, 0, 2, 3, 1), v, () => module.Add("Sqrt", 0, [scale]));
        attended = module.Turn(attended, own, 0, 2, 1, 3); // [B, S, H, C/H]
        var all = heads == 1 ? each : module.Add("Mul", 0, [each, graph.Integer(heads)]);
        return module.Cast(module.Reshape(attended, width, module.Sides(batch, -1, all)), OnnxElement.Float); // [B, S, C]

        GraphValue Heads(GraphValue values) => module.Reshape(values, own, module.Sides(batch, -1, heads, each));
    }

    /// <summary>softmax((q · √scale) · (kᵀ · √scale) + mask) · v.</summary>
    /// <param name="key">[B, H, C/H, T].</param>
    public static GraphValue Products(TorchModule module, GraphValue query, GraphValue key, GraphValue value, Func<GraphValue> root, GraphValue? mask = null)
    {
        var left = module.Add("Mul", query.Width, [query, root()]);
        var products = module.Add("MatMul", 0, [left, module.Add("Mul", key.Width, [key, root()])]); // [B, H, S, T]
        if (mask is not null) products = module.Add("Add", 0, [products, mask]);
        var shares = module.Add("Softmax", 0, [products], static node => node.Set("axis", -1));
        return module.Add("MatMul", value.Width, [shares, value]); // [B, H, S, C/H]
    }
}

using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks;

/// <summary>Norms over the last axis, with weights or without.</summary>
internal static class Normalisation
{
    /// <summary>The version of ONNX that has an operator for it.</summary>
    private const int RmsOpset = 23;

    /// <summary>x / √(mean(x²) + ε) · w.</summary>
    /// <param name="values">[…, C].</param>
    /// <param name="weight">[C].</param>
    /// <param name="name">Of the module.</param>
    public static GraphValue RootMeanSquare(GraphValue values, GraphValue weight, float epsilon, string? name = null)
    {
        var graph = values.Graph;
        if (graph.Target.Opset >= RmsOpset)
            return graph.Add("RMSNormalization", values.Width, [values, weight], node => node.Set("axis", -1).Set("epsilon", epsilon), name);
        var wide = values.Cast(OnnxElement.Float); // squares are beyond float16
        var mean = graph.Add("ReduceMean", 0, [wide * wide, graph.Integers([-1])], static node => node.Set("keepdims", 1));
        var root = (mean + graph.Numbers([], [epsilon], single: true)).Apply("Sqrt");
        return graph.Computable(graph.Add("Div", values.Width, [wide, root], name: name)) * weight;
    }

    /// <summary>(x − mean) / √(variance + ε), without weights: those come from elsewhere.</summary>
    /// <param name="values">[…, C].</param>
    public static GraphValue Plain(GraphValue values, float epsilon)
    {
        float[] ones = new float[values.Width];
        Array.Fill(ones, 1);
        return values.Graph.Add("LayerNormalization", values.Width, [values, values.Graph.Numbers([values.Width], ones)],
            node => node.Set("axis", -1).Set("epsilon", epsilon));
    }
}

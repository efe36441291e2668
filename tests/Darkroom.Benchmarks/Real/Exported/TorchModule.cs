using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>
/// A module of a network, and the operators that torch's exporter writes for its layers (TorchScript, opset 18, as optimum calls it). Nothing here is taken
/// from the server's own layers: what they become in time does not change what they are compared with.
/// </summary>
/// <param name="Network">Finds the weights.</param>
/// <param name="Path">The module's place in the tree of modules, with points.</param>
internal readonly record struct TorchModule(NetworkWriter Network, string Path = "")
{
    public static GraphTarget Target { get; } = new(18, OnnxElement.Float, PlainAttention: true);

    public GraphWriter Graph => Network.Graph;

    public TorchModule this[string child] => new(Network, Path.Length == 0 ? child : $"{Path}.{child}");

    public TorchModule this[string list, int index] => this[$"{list}.{index}"];

    public GraphValue Weight(string name, params ReadOnlySpan<long> sides) => Network.Weight($"{Path}.{name}", sides);

    public GraphValue Add(string opType, int width, IReadOnlyList<GraphValue?> inputs, Action<OnnxNode>? attributes = null) =>
        Graph.Add(opType, width, inputs, attributes, Path.Length == 0 ? null : Path);

    /// <summary>x · W + b with W as [in, out]: what the exporter makes of a linear layer over anything but a matrix.</summary>
    public GraphValue Linear(GraphValue values, int outputs, bool bias = true)
    {
        var product = Add("MatMul", outputs, [values, Weight("weight", outputs, values.Width).Transpose(outputs, 1, 0)]);
        return bias ? Add("Add", outputs, [Weight("bias", outputs), product]) : product;
    }

    /// <summary>A linear layer over a matrix.</summary>
    public GraphValue Gemm(GraphValue rows, int outputs) =>
        Add("Gemm", outputs, [rows, Weight("weight", outputs, rows.Width), Weight("bias", outputs)],
            static node => node.Set("alpha", 1f).Set("beta", 1f).Set("transB", 1));

    public GraphValue Conv(GraphValue picture, int outputs, int kernel, int stride = 1)
    {
        int pad = kernel / 2;
        return Add("Conv", outputs, [picture, Weight("weight", outputs, picture.Width, kernel, kernel), Weight("bias", outputs)], node => node
            .Set("dilations", [1, 1]).Set("group", 1).Set("kernel_shape", [kernel, kernel]).Set("pads", [pad, pad, pad, pad])
            .Set("strides", [stride, stride]));
    }

    /// <param name="values">[B, C, h, w], or [B, C, S].</param>
    /// <param name="rank">4 or 3.</param>
    public GraphValue GroupNorm(GraphValue values, int groups, float epsilon, int rank = 4)
    {
        int channels = values.Width;
        float[] ones = new float[groups];
        Array.Fill(ones, 1);
        var grouped = Reshape(values, groups, Graph.Integers([0, groups, -1]));
        var norm = Add("InstanceNormalization", groups, [grouped, Graph.Numbers([groups], ones), Graph.Numbers([groups], new float[groups])],
            node => node.Set("epsilon", epsilon));
        norm = Reshape(norm, channels, Add("Shape", 0, [values]));
        long[] sides = [channels, .. Enumerable.Repeat(1L, rank - 2)];
        return Add("Add", channels, [Add("Mul", channels, [norm, Weight("weight", sides)]), Weight("bias", sides)]);
    }

    public GraphValue LayerNorm(GraphValue values, float epsilon) =>
        Add("LayerNormalization", values.Width, [values, Weight("weight", values.Width), Weight("bias", values.Width)],
            node => node.Set("axis", -1).Set("epsilon", epsilon));

    public GraphValue Silu(GraphValue values) => Add("Mul", values.Width, [values, Add("Sigmoid", values.Width, [values])]);

    /// <summary>½ x · (1 + erf(x / √2)).</summary>
    public GraphValue Gelu(GraphValue values)
    {
        var erf = Add("Erf", values.Width, [Add("Div", values.Width, [values, Graph.Number(1.41421354f)])]);
        var product = Add("Mul", values.Width, [values, Add("Add", values.Width, [erf, Graph.Number(1)])]);
        return Add("Mul", values.Width, [product, Graph.Number(0.5f)]);
    }

    public GraphValue Reshape(GraphValue values, int width, GraphValue sides) =>
        Add("Reshape", width, [values, sides], static node => node.Set("allowzero", 0));

    public GraphValue Turn(GraphValue values, int width, params IReadOnlyList<long> order) =>
        Add("Transpose", width, [values], node => node.Set("perm", order));

    /// <summary>A side as a single number.</summary>
    public GraphValue Side(GraphValue values, long axis) =>
        Add("Gather", 0, [Add("Shape", 0, [values]), Graph.Integer(axis)], static node => node.Set("axis", 0));

    /// <summary>Sides one behind the other: single numbers that were computed, each unsqueezed, and known ones.</summary>
    public GraphValue Sides(params IReadOnlyList<Side> sides)
    {
        var self = this;
        GraphValue[] parts = [.. sides.Select(side => side.Computed is { } value
            ? self.Add("Unsqueeze", 0, [value, self.Graph.Integers([0])])
            : self.Graph.Integers([side.Known]))];
        return Add("Concat", 0, parts, static node => node.Set("axis", 0));
    }

    /// <summary>A value spread over a shape, in which −1 would keep a side: torch's <c>expand</c>.</summary>
    public GraphValue Expanded(GraphValue value, GraphValue sides)
    {
        sides = Reshape(sides, 0, Graph.Integers([-1]));
        var ones = Add("Expand", 0, [Graph.Integers([1]), Add("Shape", 0, [sides])]);
        var keeps = Add("Equal", 0, [sides, Add("Mul", 0, [ones, Graph.Integer(-1)])]);
        return Add("Expand", 0, [value, Add("Where", 0, [keeps, ones, sides])]);
    }

    public GraphValue Cast(GraphValue value, int element) => Add("Cast", value.Width, [value], node => node.Set("to", element));

    /// <summary>What diffusers divides by where a network could scale its output: 1 in all published ones, and the exporter keeps it.</summary>
    public GraphValue OverOne(GraphValue values) => Add("Div", values.Width, [values, Graph.Number(1)]);
}

/// <summary>One side of a shape: computed in the graph, or known.</summary>
internal readonly record struct Side(GraphValue? Computed, long Known)
{
    public static implicit operator Side(GraphValue computed) => new(computed, 0);

    public static implicit operator Side(long known) => new(null, known);
}

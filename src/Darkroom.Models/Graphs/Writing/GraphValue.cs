namespace Darkroom.Models.Graphs.Writing;

/// <summary>A value of a graph that is being written.</summary>
/// <param name="Graph">The graph.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Width">Size of its feature axis: channels of a picture [B, C, h, w], the last axis of rows [n, C]. 0 where it has none.</param>
internal sealed record GraphValue(GraphWriter Graph, string Name, int Width = 0)
{
    public static GraphValue operator +(GraphValue left, GraphValue right) => left.Both("Add", right);

    public static GraphValue operator -(GraphValue left, GraphValue right) => left.Both("Sub", right);

    public static GraphValue operator *(GraphValue left, GraphValue right) => left.Both("Mul", right);

    public static GraphValue operator *(GraphValue left, float right) => left.Both("Mul", left.Graph.Number(right));

    public static GraphValue operator +(GraphValue left, float right) => left.Both("Add", left.Graph.Number(right));

    /// <summary>An operator without attributes or further inputs.</summary>
    public GraphValue Apply(string opType) => Graph.Add(opType, Width, [this]);

    public GraphValue Sigmoid() => Apply("Sigmoid");

    /// <summary>x · sigmoid(x), which ONNX Runtime makes one operator of.</summary>
    public GraphValue Silu() => this * Sigmoid();

    /// <summary>x · sigmoid(1.702 · x), CLIP's approximation of the next.</summary>
    public GraphValue QuickGelu() => this * (this * 1.702f).Sigmoid();

    /// <summary>x · Φ(x), with Φ the normal distribution's.</summary>
    public GraphValue Gelu() => Apply("Gelu");

    /// <summary>½ x · (1 + tanh(√(2/π) · (x + 0.044715 x³))).</summary>
    public GraphValue GeluTanh() => Graph.Add("Gelu", Width, [this], static node => node.Set("approximate", "tanh"));

    /// <summary>The axes in another order.</summary>
    /// <param name="width">Of the result.</param>
    public GraphValue Transpose(int width, params IReadOnlyList<long> order) => Graph.Add("Transpose", width, [this], node => node.Set("perm", order));

    /// <param name="sides">0 keeps the side, −1 takes what is left.</param>
    public GraphValue Reshape(int width, params IReadOnlyList<long> sides) => Reshape(width, Graph.Integers(sides));

    public GraphValue Reshape(int width, GraphValue sides) => Graph.Add("Reshape", width, [this, sides]);

    public GraphValue Unsqueeze(params IReadOnlyList<long> axes) => Graph.Add("Unsqueeze", Width, [this, Graph.Integers(axes)]);

    /// <summary>Sides from <paramref name="first"/> on, up to <paramref name="end"/> if given: int64, one axis.</summary>
    public GraphValue Shape(int first = 0, int? end = null) => Graph.Add("Shape", 0, [this], node =>
    {
        if (first > 0) node.Set("start", first);
        if (end is { } last) node.Set("end", last);
    });

    /// <summary>Entries from <paramref name="first"/> to before <paramref name="end"/> of one axis.</summary>
    public GraphValue Slice(int axis, GraphValue first, GraphValue end, int? width = null) =>
        Graph.Add("Slice", width ?? Width, [this, first, end, Graph.Integers([axis])]);

    public GraphValue Slice(int axis, long first, long end, int? width = null) => Slice(axis, Graph.Integers([first]), Graph.Integers([end]), width);

    /// <summary>Equal parts of the last axis.</summary>
    public IReadOnlyList<GraphValue> Split(int parts) =>
        Graph.AddMany("Split", parts, Width / parts, [this], node => node.Set("axis", -1).Set("num_outputs", parts));

    /// <param name="element"><see cref="OnnxElement"/>'s number.</param>
    public GraphValue Cast(int element) => Graph.Add("Cast", Width, [this], node => node.Set("to", element));

    /// <summary>
    /// For sums that grow beyond float16 in published networks: kept at its greatest number there, where infinity would spoil all behind it. Nothing else
    /// where float32 is computed with.
    /// </summary>
    public GraphValue Bounded()
    {
        if (Graph.Target.Arithmetic != OnnxElement.Float16) return this;
        float most = (float)Half.MaxValue;
        return Graph.Add("Clip", Width, [this, Graph.Number(-most), Graph.Number(most)]);
    }

    private GraphValue Both(string opType, GraphValue right) => Graph.Add(opType, Math.Max(Width, right.Width), [this, right]);
}

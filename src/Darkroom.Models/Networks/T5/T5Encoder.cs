using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.T5;

/// <summary>The encoder of T5 1.1 with its gated gelu, transformers' <c>T5EncoderModel</c>.</summary>
internal sealed class T5Encoder
{
    /// <summary>
    /// What gated layers give goes beyond float16 in T5-XXL (transformers keeps their last weights in float32 for that), and so does the sum of all blocks.
    /// Divided by this much, a power of two, it does not; sums are float32.
    /// </summary>
    private const float Headroom = 64;

    private readonly T5Shape shape;
    private readonly Module root;
    private readonly GraphValue ids;
    private readonly Sequences sequences;
    private readonly bool isHalf;

    private T5Encoder(T5Shape shape, NetworkWriter network)
    {
        (this.shape, root) = (shape, network.Root);
        isHalf = network.Graph.Target.Arithmetic == OnnxElement.Float16;
        ids = network.Graph.Input("input_ids", OnnxElement.Int64, "batch_size", "sequence_length");
        sequences = Sequences.Of(ids);
    }

    /// <summary>Writes the graph: <c>input_ids</c> [B, S] to <c>last_hidden_state</c> [B, S, C]. Padding is attended to, as pipelines have it.</summary>
    /// <param name="part">The part of a model that it is.</param>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(T5Shape shape, NetworkWriter network, string part)
    {
        new T5Encoder(shape, network).Write();
        return network.Finish(part);
    }

    private void Write()
    {
        var rows = Wide(Sequences.Flatten(root["shared"].Embedding(ids, shape.Vocabulary, shape.Width))); // [B · S, C]
        var bias = RelativeBias(root["encoder"]["block", 0]["layer", 0]["SelfAttention"]["relative_attention_bias"]["weight"]);
        for (int i = 0; i < shape.Layers; i++) rows = Block(root["encoder"]["block", i], rows, bias);
        rows = root["encoder"]["final_layer_norm"].RmsNorm(rows, shape.Epsilon);
        root.Graph.FloatOutput("last_hidden_state", sequences.Unflatten(rows), "batch_size", "sequence_length", shape.Width);
    }

    private GraphValue Block(Module block, GraphValue rows, GraphValue bias)
    {
        var attention = block["layer", 0]["SelfAttention"];
        int inner = shape.Heads * shape.HeadWidth;
        var h = block["layer", 0]["layer_norm"].RmsNorm(rows, shape.Epsilon);
        var attended = new Attention(shape.Heads) { Scale = 1 }.Write(
            sequences.Unflatten(attention["q"].Linear(h, inner, bias: false)), // [B, S, I]
            sequences.Unflatten(attention["k"].Linear(h, inner, bias: false)),
            sequences.Unflatten(attention["v"].Linear(h, inner, bias: false)), bias);
        rows += Wide(attention["o"].Linear(Sequences.Flatten(attended), shape.Width, bias: false));
        var forward = block["layer", 1]["DenseReluDense"];
        h = block["layer", 1]["layer_norm"].RmsNorm(rows, shape.Epsilon);
        var gate = forward["wi_0"].Linear(h, shape.InnerWidth, bias: false).GeluTanh();
        h = gate * forward["wi_1"].Linear(h, shape.InnerWidth, bias: false, factor: isHalf ? 1 / Headroom : 1);
        var grown = Wide(forward["wo"].Linear(h, shape.Width, bias: false));
        return rows + (isHalf ? grown * root.Graph.Numbers([], [Headroom], single: true) : grown);
    }

    /// <summary>float32 whatever is computed with.</summary>
    private GraphValue Wide(GraphValue value) => isHalf ? value.Cast(OnnxElement.Float) : value;

    /// <summary>What each head adds for the distance of two positions, the same in all blocks: [1, heads, S, S].</summary>
    private GraphValue RelativeBias(Module table)
    {
        var graph = root.Graph;
        // Beyond the greatest distance all are alike, so a row for each distance up to it is enough for texts of any length.
        int max = shape.MaxDistance;
        long[] buckets = [.. Enumerable.Range(-max, 2 * max + 1).Select(distance => (long)BucketOf(distance))];
        var byDistance = graph.Add("Gather", 0, [table.Parameter(shape.Buckets, shape.Heads), graph.Integers(buckets)]); // [2 · max + 1, heads]

        var places = graph.Add("Range", 0, [graph.Integer(0), graph.Add("Squeeze", 0, [ids.Shape(1, 2)]), graph.Integer(1)]); // [S]
        var distances = places.Unsqueeze(0) - places.Unsqueeze(1); // [S, S], of a key from its query
        var rows = graph.Add("Clip", 0, [distances, graph.Integer(-max), graph.Integer(max)]) + graph.Integer(max);
        return graph.Add("Gather", 0, [byDistance, rows]).Transpose(0, 2, 0, 1).Unsqueeze(0); // [S, S, heads] → [1, heads, S, S]
    }

    /// <summary>Half of the buckets for each direction; half of those for one distance each, the others for ranges that grow towards the greatest.</summary>
    private int BucketOf(int distance)
    {
        int half = shape.Buckets / 2, exact = half / 2, far = Math.Abs(distance), first = distance > 0 ? half : 0;
        if (far < exact) return first + far;
        // In float32, as the network was trained with.
        float share = MathF.Log((float)far / exact) / (float)Math.Log((double)shape.MaxDistance / exact);
        return first + Math.Min(half - 1, exact + (int)(share * (half - exact)));
    }
}

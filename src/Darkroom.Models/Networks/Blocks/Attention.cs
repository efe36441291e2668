using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>softmax(Q · Kᵀ · scale + bias) · V for each head, over sequences [B, S, heads · width of a head].</summary>
/// <param name="Heads">How many heads the features are cut into.</param>
internal sealed record Attention(int Heads)
{
    /// <summary>Whether there are many positions to attend to: see <see cref="GraphTarget.ManyPositions"/>.</summary>
    public bool Many { get; init; }

    /// <summary>Whether a position sees itself and those before it alone.</summary>
    public bool Causal { get; init; }

    /// <summary>Of the products; null: 1 / √(width of a head).</summary>
    public float? Scale { get; init; }

    /// <param name="query">[B, S, C].</param>
    /// <param name="key">[B, T, C].</param>
    /// <param name="value">[B, T, C].</param>
    /// <param name="bias">Added to the products, [1, heads, S, T]; null: none.</param>
    public GraphValue Write(GraphValue query, GraphValue key, GraphValue value, GraphValue? bias = null)
    {
        var graph = query.Graph;
        return graph.Target.PlainAttention && !Many
            ? graph.Add("Attention", query.Width, bias is null ? [query, key, value] : [query, key, value, bias], node =>
            {
                node.Set("q_num_heads", Heads).Set("kv_num_heads", Heads);
                if (Causal) node.Set("is_causal", 1);
                if (Scale is { } scale) node.Set("scale", scale);
            })
            // The further inputs: bias of the projections, mask of padding, then this.
            : graph.Add("MultiHeadAttention", query.Width, bias is null ? [query, key, value] : [query, key, value, null, null, bias], node =>
            {
                node.Set("num_heads", Heads);
                if (Causal) node.Set("unidirectional", 1);
                if (Scale is { } scale) node.Set("scale", scale);
            }, domain: GraphWriter.Runtime);
    }
}

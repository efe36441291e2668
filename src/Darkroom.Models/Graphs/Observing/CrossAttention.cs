using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Observing;

/// <summary>An attention of the picture to the text in a graph.</summary>
/// <param name="Layer">The module that it is; <c>attention.n</c> where nothing tells.</param>
/// <param name="Query">What the picture asks: [B, S, C] before one operator for all, else a factor of the product.</param>
/// <param name="Key">The same of the text.</param>
internal sealed record CrossAttention(string Layer, string Query, string Key)
{
    /// <summary>What the softmax gives, [B, heads, S, T] or [B · heads, S, T]; null: it is inside one operator.</summary>
    public string? Probabilities { get; init; }

    /// <summary>Of the operator; 0 where the graph does not say.</summary>
    public int Heads { get; init; }

    /// <summary>Whether its factors are scaled before the product; else the product is, by 1 / √(width of a head).</summary>
    public bool IsScaled { get; init; }
}

/// <summary>
/// Finds each softmax(Q · Kᵀ) whose keys are made of the text alone, and whose queries see the picture. Attention of picture and text in one (joint
/// transformers) is none: its keys are made of both.
/// </summary>
internal sealed class CrossAttentions(OnnxModel model, Dataflow flow, GraphScopes scopes, GraphSources sources)
{
    private const int MaxHops = 12;

    /// <summary>In the order of the graph.</summary>
    public IReadOnlyList<CrossAttention> Find()
    {
        var found = new List<CrossAttention>();
        foreach (var node in model.Nodes)
            if ((node.Is("Softmax") ? OfSoftmax(node) : OfOperator(node)) is { } attention)
                found.Add(attention with { Layer = LayerOf(node) ?? $"attention.{found.Count}" });
        return found;
    }

    private CrossAttention? OfSoftmax(OnnxNode softmax)
    {
        string value = softmax.Inputs[0];
        bool scaled = true;
        for (int hops = 0; hops < MaxHops; hops++)
        {
            if (flow.MakerOf(value) is not { } maker) return null;
            if (maker.Is("MatMul"))
                return Sees(maker.Inputs[0], maker.Inputs[1]) ? new("", maker.Inputs[0], maker.Inputs[1]) { Probabilities = softmax.Outputs[0],
                    IsScaled = scaled } : null;
            // Scaled, masked, or in another type: the way to the product is the input that the picture goes into.
            if (!(maker.Is("Mul") || maker.Is("Div") || maker.Is("Add") || maker.Is("Cast") || maker.Is("Reshape") || maker.Is("Sub") || maker.Is("Identity")))
                return null;
            if (maker.Inputs.Find(input => sources.Of(input).HasFlag(GraphSources.Source.Picture)) is not { } next) return null;
            if (maker.Is("Mul") || maker.Is("Div")) scaled = false;
            value = next;
        }
        return null;
    }

    /// <summary>ONNX's and the runtime's operators for the whole, as graphs that are written here have them.</summary>
    private CrossAttention? OfOperator(OnnxNode node)
    {
        bool own = node.Is("Attention"), runtimes = node.OpType == "MultiHeadAttention" && node.Domain == GraphWriter.Runtime;
        if ((!own && !runtimes) || node.Inputs.Count < 3 || node.Inputs.Skip(3).Any(input => input.Length > 0) || !Sees(node.Inputs[0], node.Inputs[1]))
            return null;
        int heads = (int)(node.Integer(own ? "q_num_heads" : "num_heads") ?? 0);
        return heads == 0 || node.Find("scale") is not null ? null : new("", node.Inputs[0], node.Inputs[1]) { Heads = heads };
    }

    private bool Sees(string query, string key) =>
        sources.Of(query).HasFlag(GraphSources.Source.Picture) && sources.Of(key) == GraphSources.Source.Text;

    /// <summary>The attention that the node lies in, or the first on the way on that has a name.</summary>
    private string? LayerOf(OnnxNode node)
    {
        OnnxNode? at = node;
        for (int hops = 0; at is not null && hops < MaxHops; hops++)
        {
            if (GraphModules.ModulesOf(scopes.Of(at)).LastOrDefault(module => module[(module.LastIndexOf('.') + 1)..].StartsWith("attn",
                StringComparison.Ordinal))
                is { } module) return module;
            at = at.Outputs.SelectMany(flow.TakersOf).FirstOrDefault(taker => !taker.Is("Shape"));
        }
        return null;
    }
}

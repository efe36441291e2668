using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Clip;

/// <summary>CLIP's text encoder, transformers' <c>CLIPTextModel</c>, with or without a projection.</summary>
internal sealed class ClipTextEncoder
{
    /// <summary>The weight of the projection.</summary>
    public const string Projection = "text_projection.weight";

    private readonly ClipTextShape shape;
    private readonly Module model;
    private readonly GraphWriter graph;
    private readonly GraphValue ids;
    private readonly Sequences sequences;

    private ClipTextEncoder(ClipTextShape shape, NetworkWriter network)
    {
        (this.shape, model, graph) = (shape, network.Root["text_model"], network.Graph);
        ids = graph.Input("input_ids", OnnxElement.Int64, "batch_size", "sequence_length");
        sequences = Sequences.Of(ids);
    }

    /// <summary>
    /// Writes the graph: <c>input_ids</c> [B, S], and vectors in place of tokens' own (<see cref="TokenVectorInputs"/>), to <c>last_hidden_state</c> [B, S, C];
    /// to <c>text_embeds</c> [B, P] where there is a projection, else <c>pooler_output</c> [B, C]; and to earlier layers' states.
    /// </summary>
    /// <param name="part">The part of a model that it is: there may be two.</param>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(ClipTextShape shape, NetworkWriter network, EarlierLayers earlier, string part = "text_encoder")
    {
        new ClipTextEncoder(shape, network).Write(network.Root["text_projection"], earlier);
        return network.Finish(part);
    }

    private void Write(Module projection, EarlierLayers earlier)
    {
        var states = new List<GraphValue> { Embeddings() }; // [B · S, C] each
        for (int i = 0; i < shape.Layers; i++) states.Add(Layer(model["encoder"]["layers", i], states[^1]));
        var last = Norm(states[^1]);
        Output(HiddenStates.OutputOf(0), last);
        for (int skip = 1; earlier == EarlierLayers.Normalised && skip < shape.Layers; skip++)
            Output(HiddenStates.OutputOf(skip), Norm(states[^(skip + 1)]));
        for (int i = 0; earlier == EarlierLayers.AsTheyAre && i < states.Count; i++) Output(HiddenStates.ExportedOf(i), states[i]);

        var pooled = graph.Add("GatherND", shape.Width, [sequences.Unflatten(last), EndOfText()], node => node.Set("batch_dims", 1)); // [B, C]
        if (shape.Projection is { } width)
            graph.FloatOutput("text_embeds", shape.ProjectsNothing ? pooled : projection.Linear(pooled, width, bias: false), "batch_size", width);
        else graph.FloatOutput("pooler_output", pooled, "batch_size", shape.Width);
    }

    private GraphValue Embeddings()
    {
        var embeddings = model["embeddings"];
        var known = graph.Add("Min", 0, [ids, graph.Integer(shape.Vocabulary - 1)]);
        var tokens = Given(embeddings["token_embedding"].Embedding(known, shape.Vocabulary, shape.Width)); // [B, S, C]
        var positions = embeddings["position_embedding"]["weight"].Parameter(shape.Positions, shape.Width);
        return Sequences.Flatten(tokens + positions.Slice(0, graph.Integers([0]), ids.Shape(1, 2)));
    }

    /// <summary>Tokens' own vectors, but where others are given. Those of tokens that have none are never read.</summary>
    private GraphValue Given(GraphValue own)
    {
        var places = graph.Input(TokenVectorInputs.Places, OnnxElement.Int64, "batch_size", "sequence_length");
        var vectors = graph.FloatInput(TokenVectorInputs.Vectors, shape.Width, "vectors", shape.Width);
        var given = graph.Add("Gather", shape.Width, [vectors, places]); // [B, S, C]
        return graph.Add("Where", shape.Width, [places.Cast(OnnxElement.Bool).Unsqueeze(2), given, own]);
    }

    private GraphValue Layer(Module layer, GraphValue rows)
    {
        var attention = layer["self_attn"];
        var h = layer["layer_norm1"].LayerNorm(rows, shape.Epsilon);
        var attended = new Attention(shape.Heads) { Causal = true }.Write(
            sequences.Unflatten(attention["q_proj"].Linear(h, shape.Width)), // [B, S, C]
            sequences.Unflatten(attention["k_proj"].Linear(h, shape.Width)),
            sequences.Unflatten(attention["v_proj"].Linear(h, shape.Width)));
        rows += attention["out_proj"].Linear(Sequences.Flatten(attended), shape.Width);
        var inner = layer["mlp"]["fc1"].Linear(layer["layer_norm2"].LayerNorm(rows, shape.Epsilon), shape.InnerWidth); // [B · S, I]
        return rows + layer["mlp"]["fc2"].Linear(shape.ExactGelu ? inner.Gelu() : inner.QuickGelu(), shape.Width);
    }

    private GraphValue Norm(GraphValue rows) => model["final_layer_norm"].LayerNorm(rows, shape.Epsilon);

    /// <summary>Where each text ends: int64, [B, 1].</summary>
    private GraphValue EndOfText()
    {
        const int PublishedByMistake = 2;
        var marks = shape.EndToken is { } end and not PublishedByMistake
            ? graph.Add("Equal", 0, [ids, graph.Integers([end])]).Cast(OnnxElement.Int32)
            : ids;
        return graph.Add("ArgMax", 0, [marks], node => node.Set("axis", 1).Set("keepdims", 1)); // of equal ones the first
    }

    private void Output(string name, GraphValue rows) =>
        graph.FloatOutput(name, sequences.Unflatten(rows), "batch_size", "sequence_length", shape.Width);
}

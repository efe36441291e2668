using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>FLUX's transformer, diffusers' <c>FluxTransformer2DModel</c>: blocks of two streams, then blocks of one that both make together.</summary>
internal sealed class FluxTransformer
{
    private const int TimeFeatures = 256;

    /// <summary>Timestep and guidance are fractions of it.</summary>
    private const float TimeScale = 1000;

    private readonly FluxShape shape;
    private readonly Module root;
    private readonly GraphWriter graph;
    private readonly GraphValue text, condition;
    private readonly Sequences sequences;
    private readonly GraphValue sample;

    private FluxTransformer(FluxShape shape, NetworkWriter network)
    {
        (this.shape, root, graph) = (shape, network.Root, network.Graph);
        int latents = shape.InChannels / 4;
        sample = shape.IsPacked
            ? graph.FloatInput("hidden_states", shape.InChannels, "batch_size", "packed_height_width", shape.InChannels)
            : graph.FloatInput("hidden_states", latents, "batch_size", latents, "height", "width");
        text = graph.FloatInput("encoder_hidden_states", shape.TextWidth, "batch_size", "sequence_length", shape.TextWidth);
        sequences = Sequences.Of(sample);
        condition = Condition();
    }

    /// <summary>
    /// Writes the graph: <c>hidden_states</c> [B, C, h, w] or packed, <c>encoder_hidden_states</c> [B, T, D], <c>pooled_projections</c> [B, P],
    /// <c>timestep</c> [B] in [0, 1] and, where it is taken, <c>guidance</c> [B] to <c>out_hidden_states</c>.
    /// </summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(FluxShape shape, NetworkWriter network)
    {
        new FluxTransformer(shape, network).Write();
        return network.Finish("transformer");
    }

    private void Write()
    {
        if (shape.IsPacked)
        {
            var places = graph.Input("img_ids", OnnxElement.Float, "packed_height_width", 3);
            var textPlaces = graph.Input("txt_ids", OnnxElement.Float, "sequence_length", 3);
            graph.FloatOutput("out_hidden_states", Blocks(sample, places, textPlaces), "batch_size", "packed_height_width", shape.OutChannels);
            return;
        }
        var packed = new PackedLatents(sample);
        // All of a text is at place 0, which turns nothing.
        var nowhere = graph.Add("Expand", 0, [graph.Numbers([1, 3], new float[3], single: true), graph.Concat(0, 0, text.Shape(1, 2), graph.Integers([3]))]);
        var answer = packed.Unpack(Blocks(packed.Pack(), packed.Places(), nowhere));
        graph.FloatOutput("out_hidden_states", answer, "batch_size", shape.OutChannels / 4, "height", "width");
    }

    private GraphValue Blocks(GraphValue picture, GraphValue places, GraphValue textPlaces)
    {
        picture = sequences.Linear(root["x_embedder"], picture, shape.Width); // [B, S, C]
        var context = sequences.Linear(root["context_embedder"], text, shape.Width); // [B, T, C]
        var attention = new JointAttention(sequences, shape.Heads, normalises: true);
        var joint = new JointBlock(sequences, attention)
        {
            Rotation = new Rotation(places, shape.PlaceWidths),
            TextRotation = shape.IsPacked ? new Rotation(textPlaces, shape.PlaceWidths) : null,
        };
        for (int i = 0; i < shape.Layers; i++) (picture, context) = joint.Write(root["transformer_blocks", i], picture, context, condition);

        var stream = graph.Concat(1, shape.Width, context, picture); // [B, T + S, C]
        var rotation = new Rotation(graph.Concat(0, 3, textPlaces, places), shape.PlaceWidths);
        for (int i = 0; i < shape.SingleLayers; i++) stream = Single(root["single_transformer_blocks", i], stream, attention, rotation);
        picture = stream.Slice(1, text.Shape(1, 2), graph.Integers([int.MaxValue]));
        return sequences.Linear(root["proj_out"], Modulation.Last(root["norm_out"], picture, condition), shape.OutChannels);
    }

    /// <summary>Attention and the layers beside it, both from the same norm and into the same projection: <c>FluxSingleTransformerBlock</c>.</summary>
    private GraphValue Single(Module block, GraphValue stream, JointAttention attention, Rotation rotation)
    {
        var vectors = Modulation.Vectors(block["norm"]["linear"], condition, shape.Width, 3); // shift, scale, gate
        var norm = Modulation.Apply(stream, vectors[0], vectors[1]);
        var inner = sequences.Linear(block["proj_mlp"], norm, 4 * shape.Width).GeluTanh();
        var query = attention.Query(block["attn"], JointAttention.Names.OfPicture, norm, rotation);
        var (key, value) = attention.Keys(block["attn"], JointAttention.Names.OfPicture, norm, rotation);
        var both = graph.Concat(2, 5 * shape.Width, attention.Attend(query, key, value), inner); // [B, T + S, 5C]
        return (stream + vectors[2] * sequences.Linear(block["proj_out"], both, shape.Width)).Bounded();
    }

    /// <summary>Of timestep, guidance and the whole text, behind SiLU: [B, C].</summary>
    private GraphValue Condition()
    {
        var features = root["time_text_embed"];
        var pooled = graph.FloatInput("pooled_projections", shape.PooledWidth, "batch_size", shape.PooledWidth);
        var sum = Number("timestep", features["timestep_embedder"]);
        if (shape.TakesGuidance) sum += Number("guidance", features["guidance_embedder"]);
        return (sum + TimestepEmbedding.Layers(features["text_embedder"], pooled, shape.Width)).Silu();

        GraphValue Number(string name, Module layers)
        {
            var number = graph.Input(name, OnnxElement.Float, "batch_size") * graph.Numbers([], [TimeScale], single: true);
            return TimestepEmbedding.Layers(layers, new TimestepEmbedding(TimeFeatures).Waves(number), shape.Width);
        }
    }
}

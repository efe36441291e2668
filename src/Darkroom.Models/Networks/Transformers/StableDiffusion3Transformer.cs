using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>Stable Diffusion 3's transformer, diffusers' <c>SD3Transformer2DModel</c>: picture and text in two streams that attend to each other.</summary>
/// <remarks>Esser and others, Scaling rectified flow transformers for high-resolution image synthesis, 4.</remarks>
internal sealed class StableDiffusion3Transformer
{
    private const int TimeFeatures = 256;

    private readonly StableDiffusion3Shape shape;
    private readonly Module root;
    private readonly GraphValue sample, timestep, pooled, text;
    private readonly Sequences sequences;

    private StableDiffusion3Transformer(StableDiffusion3Shape shape, NetworkWriter network)
    {
        (this.shape, root) = (shape, network.Root);
        var graph = network.Graph;
        sample = graph.FloatInput("hidden_states", shape.Channels, "batch_size", shape.Channels, "height", "width");
        text = graph.FloatInput("encoder_hidden_states", shape.TextWidth, "batch_size", "sequence_length", shape.TextWidth);
        pooled = graph.FloatInput("pooled_projections", shape.PooledWidth, "batch_size", shape.PooledWidth);
        timestep = graph.Input("timestep", OnnxElement.Float, "batch_size");
        sequences = Sequences.Of(sample);
    }

    /// <summary>
    /// Writes the graph: <c>hidden_states</c> [B, C, h, w], <c>encoder_hidden_states</c> [B, T, D], <c>pooled_projections</c> [B, P] and <c>timestep</c> [B]
    /// to <c>out_hidden_states</c>.
    /// </summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(StableDiffusion3Shape shape, NetworkWriter network)
    {
        new StableDiffusion3Transformer(shape, network).Write();
        return network.Finish("transformer");
    }

    private void Write()
    {
        var patches = new Patches(sample, shape.PatchSize);
        var picture = patches.Embed(root["pos_embed"]["proj"], shape.Width) + Positions(patches); // [B, S, C]
        var context = sequences.Linear(root["context_embedder"], text, shape.Width); // [B, T, C]
        var features = root["time_text_embed"];
        var condition = (
            TimestepEmbedding.Layers(features["timestep_embedder"], new TimestepEmbedding(TimeFeatures).Waves(timestep), shape.Width)
            + TimestepEmbedding.Layers(features["text_embedder"], pooled, shape.Width)).Silu(); // [B, C]

        for (int i = 0; i < shape.Layers; i++)
        {
            var block = new JointBlock(sequences, new JointAttention(sequences, shape.Heads, shape.NormalisesQueries))
            {
                IsDual = shape.DualLayers.Contains(i),
                IsLast = i == shape.Layers - 1,
            };
            (picture, context) = block.Write(root["transformer_blocks", i], picture, context, condition);
        }
        picture = Modulation.Last(root["norm_out"], picture, condition);
        picture = sequences.Linear(root["proj_out"], picture, shape.PatchSize * shape.PatchSize * shape.Channels);
        root.Graph.FloatOutput("out_hidden_states", patches.Join(picture, shape.Channels), "batch_size", shape.Channels, "height", "width");
    }

    /// <summary>The middle of the table of positions, as large as the picture: [S, C].</summary>
    private GraphValue Positions(Patches patches)
    {
        int side = shape.MaxPatches;
        var table = root["pos_embed"]["pos_embed"].Parameter(1, side * side, shape.Width).Reshape(shape.Width, side, side, shape.Width);
        return Crop(Crop(table, 0, patches.Rows), 1, patches.Columns).Reshape(shape.Width, -1, shape.Width);

        GraphValue Crop(GraphValue from, int axis, GraphValue count)
        {
            var first = root.Graph.Add("Div", 0, [root.Graph.Integers([side]) - count, root.Graph.Integers([2])]);
            return from.Slice(axis, first, first + count);
        }
    }
}

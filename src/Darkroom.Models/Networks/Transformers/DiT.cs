using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>The transformer that draws by class, diffusers' <c>DiTTransformer2DModel</c>.</summary>
/// <remarks>Peebles and Xie, Scalable diffusion models with transformers.</remarks>
internal sealed class DiT
{
    private const int TimeFeatures = 256;

    private readonly DiTShape shape;
    private readonly Module root;
    private readonly GraphValue timestep, label;
    private readonly Sequences sequences;
    private readonly JointAttention attention;

    private DiT(DiTShape shape, NetworkWriter network, GraphValue sample)
    {
        (this.shape, root, sequences) = (shape, network.Root, Sequences.Of(sample));
        timestep = network.Graph.Input("timestep", OnnxElement.Float, "batch_size");
        label = network.Graph.Input("class_labels", OnnxElement.Int64, "batch_size");
        attention = new JointAttention(sequences, shape.Heads, normalises: false);
    }

    /// <summary>
    /// Writes the graph: <c>hidden_states</c> [B, C, h, w], <c>timestep</c> [B] and <c>class_labels</c> [B] to <c>out_hidden_states</c> [B, 2C, h, w].
    /// </summary>
    /// <returns>Null where the weights do not fit: then the writer's faults say why.</returns>
    public static WrittenGraph? Write(DiTShape shape, NetworkWriter network)
    {
        int side = shape.SampleSize;
        var sample = network.Graph.FloatInput("hidden_states", shape.InChannels, "batch_size", shape.InChannels, side, side);
        var answer = new DiT(shape, network, sample).Answer(new Patches(sample, shape.PatchSize));
        network.Graph.FloatOutput("out_hidden_states", answer, "batch_size", shape.OutChannels, side, side);
        return network.Finish("transformer");
    }

    private GraphValue Answer(Patches patches)
    {
        int side = shape.SampleSize / shape.PatchSize;
        var stream = patches.Embed(root["pos_embed"]["proj"], shape.Width)
            + root.Graph.Numbers([side * side, shape.Width], GridPositions.Table(side, shape.Width)); // [B, S, C]
        for (int i = 0; i < shape.Layers; i++) stream = Block(root["transformer_blocks", i], stream);
        // The last norm's vectors come of the first block's condition; here the shift stands first.
        var vectors = Modulation.Vectors(root["proj_out_1"], Condition(root["transformer_blocks", 0]["norm1"]["emb"]), shape.Width, 2);
        stream = Modulation.Apply(stream, vectors[0], vectors[1]);
        return patches.Join(
            sequences.Linear(root["proj_out_2"], stream, shape.PatchSize * shape.PatchSize * shape.OutChannels), shape.OutChannels);
    }

    private GraphValue Block(Module block, GraphValue stream)
    {
        var vectors = Modulation.Vectors(block["norm1"]["linear"], Condition(block["norm1"]["emb"]), shape.Width, 6);
        var norm = Modulation.Apply(stream, vectors[0], vectors[1]);
        var (key, value) = attention.Keys(block["attn1"], JointAttention.Names.OfPicture, norm);
        var attended = attention.Attend(attention.Query(block["attn1"], JointAttention.Names.OfPicture, norm), key, value);
        stream += vectors[2] * sequences.Linear(block["attn1"]["to_out", 0], attended, shape.Width);
        norm = Modulation.Apply(stream, vectors[3], vectors[4], shape.Epsilon);
        return stream + vectors[5] * sequences.Unflatten(FeedForward.Plain(block["ff"], Sequences.Flatten(norm)));
    }

    /// <summary>Of timestep and class, behind SiLU: [B, C]. Every block has its own.</summary>
    private GraphValue Condition(Module module)
    {
        var waves = new TimestepEmbedding(TimeFeatures, FrequencyShift: 1).Waves(timestep);
        return (TimestepEmbedding.Layers(module["timestep_embedder"], waves, shape.Width)
            + module["class_embedder"]["embedding_table"].Embedding(label, shape.Classes + 1, shape.Width)).Silu();
    }
}

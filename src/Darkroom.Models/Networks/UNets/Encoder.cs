using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks.Blocks;

namespace Darkroom.Models.Networks.UNets;

/// <summary>The half of a U-Net that a ControlNet is a copy of: its inputs, the timestep's features, the way down and the middle.</summary>
internal sealed class Encoder
{
    private readonly UNetShape shape;
    private readonly Module root;
    private readonly Sequences sequences;
    private readonly ResnetBlock resnet;
    private readonly GraphValue time, text;

    public Encoder(UNetShape shape, NetworkWriter network)
    {
        (this.shape, root) = (shape, network.Root);
        var graph = network.Graph;
        Sample = graph.FloatInput("sample", shape.InChannels, "batch_size", shape.InChannels, "height", "width");
        var timestep = graph.Input("timestep", OnnxElement.Float, "batch_size");
        text = Sequences.Flatten(graph.FloatInput("encoder_hidden_states", shape.TextWidth, "batch_size", "sequence_length", shape.TextWidth)); // [B · T, D]
        sequences = Sequences.Of(Sample);
        resnet = new ResnetBlock(shape.Groups, shape.Epsilon);
        time = TimeFeatures(timestep).Silu(); // every resnet takes it so
    }

    /// <summary>The latents, and what else the model takes beside them, [B, C, h, w].</summary>
    public GraphValue Sample { get; }

    /// <summary>The way down.</summary>
    /// <param name="picture">What conv_in gave; receives what the middle is given.</param>
    /// <returns>The pictures that go around the middle, the coarsest on top.</returns>
    public Stack<GraphValue> Down(ref GraphValue picture)
    {
        var around = new Stack<GraphValue>([picture]);
        for (int level = 0; level < shape.Channels.Count; level++)
        {
            var block = root["down_blocks", level];
            for (int i = 0; i < shape.Down[level].Count; i++) around.Push(picture = Layer(block, i, level, picture, shape.Down[level][i]));
            if (level < shape.Channels.Count - 1)
                around.Push(picture = block["downsamplers", 0]["conv"].Conv(picture, picture.Width, 3, stride: 2)); // [B, C, h / 2, w / 2]
        }
        return around;
    }

    public GraphValue Middle(GraphValue picture)
    {
        if (shape.Middle is not { } depth) return picture;
        int level = shape.Channels.Count - 1, channels = shape.Channels[level];
        var block = root["mid_block"];
        picture = resnet.Write(block["resnets", 0], picture, channels, time);
        if (depth > 0) picture = Transformer(level).Write(block["attentions", 0], picture, depth);
        return resnet.Write(block["resnets", 1], picture, channels, time);
    }

    /// <summary>One resnet of a level, and the transformer behind it.</summary>
    public GraphValue Layer(Module block, int index, int level, GraphValue picture, int depth)
    {
        picture = resnet.Write(block["resnets", index], picture, shape.Channels[level], time);
        return depth == 0 ? picture : Transformer(level).Write(block["attentions", index], picture, depth);
    }

    private CrossTransformer Transformer(int level) =>
        new(sequences, text, new Attention(shape.Heads[level]) { Many = shape.HasManyCells(level) }, shape.Groups);

    /// <summary>[B, T].</summary>
    private GraphValue TimeFeatures(GraphValue timestep)
    {
        var graph = root.Graph;
        var features = Embedding(shape.Channels[0]).Waves(timestep); // [B, C]
        if (shape.GuidanceWidth is { } guidance)
            features += root["time_embedding"]["cond_proj"].Linear(
                graph.FloatInput("timestep_cond", guidance, "batch_size", guidance), shape.Channels[0], bias: false);
        features = TimestepEmbedding.Layers(root["time_embedding"], features, shape.TimeWidth);
        return shape.Added is { } added ? features + AddedFeatures(added) : features;
    }

    /// <summary>Of the whole text and of the sizes, [B, T].</summary>
    private GraphValue AddedFeatures(AddedConditions added)
    {
        var graph = root.Graph;
        var pooled = graph.FloatInput("text_embeds", added.TextWidth, "batch_size", added.TextWidth);
        var sizes = graph.Input("time_ids", OnnxElement.Float, "batch_size", added.Sizes);
        int width = added.Sizes * added.SizeWidth;
        var waves = Embedding(added.SizeWidth).Waves(sizes.Reshape(0, -1)).Reshape(width, -1, width); // [B · 6, 256] → [B, 1536]
        return TimestepEmbedding.Layers(root["add_embedding"], graph.Concat(1, added.TextWidth + width, pooled, waves), shape.TimeWidth);
    }

    private TimestepEmbedding Embedding(int width) => new(width, shape.CosineFirst, shape.FrequencyShift);
}

using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.UNets;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>diffusers' <c>UNet2DConditionModel</c> as torch's exporter writes it, with one timestep for all rows.</summary>
internal sealed class TorchUNet
{
    private readonly UNetShape shape;
    private readonly TorchModule root;
    private readonly TorchTransformer transformer;
    private readonly GraphValue sample, time;
    private readonly bool linear;

    private TorchUNet(UNetShape shape, NetworkWriter network, bool linear)
    {
        (this.shape, this.linear, root) = (shape, linear, new TorchModule(network));
        var graph = network.Graph;
        sample = graph.FloatInput("sample", shape.InChannels, "batch_size", shape.InChannels, "height", "width");
        var timestep = graph.Input("timestep", OnnxElement.Float);
        var text = graph.FloatInput("encoder_hidden_states", shape.TextWidth, "batch_size", "sequence_length", shape.TextWidth);
        transformer = new TorchTransformer(text, shape.Groups);
        time = root["act"].Silu(TimeFeatures(timestep));
    }

    /// <param name="linear">Whether the transformers' projections are linear layers.</param>
    /// <returns>Null where the weights do not fit.</returns>
    public static WrittenGraph? Write(UNetShape shape, NetworkWriter network, bool linear) => new TorchUNet(shape, network, linear).Write();

    private WrittenGraph? Write()
    {
        var picture = root["conv_in"].Conv(sample, shape.Channels[0], 3);
        var around = new Stack<GraphValue>([picture]);
        int levels = shape.Channels.Count;
        for (int level = 0; level < levels; level++)
        {
            var block = root["down_blocks", level];
            for (int i = 0; i < shape.Down[level].Count; i++) around.Push(picture = Layer(block, i, level, picture, shape.Down[level][i]));
            if (level < levels - 1) around.Push(picture = block["downsamplers", 0]["conv"].Conv(picture, picture.Width, 3, stride: 2));
        }
        picture = Middle(picture);
        for (int index = 0; index < levels; index++) picture = Up(root["up_blocks", index], index, picture, around);
        picture = root["conv_norm_out"].GroupNorm(picture, shape.Groups, shape.Epsilon);
        picture = root["conv_out"].Conv(root["conv_act"].Silu(picture), shape.OutChannels, 3);
        root.Graph.FloatOutput("out_sample", picture, "batch_size", shape.OutChannels, "height", "width");
        return root.Network.Finish("unet");
    }

    private GraphValue Middle(GraphValue picture)
    {
        if (shape.Middle is not { } depth) return picture;
        int level = shape.Channels.Count - 1;
        picture = Layer(root["mid_block"], 0, level, picture, depth);
        return Layer(root["mid_block"], 1, level, picture, 0);
    }

    private GraphValue Up(TorchModule block, int index, GraphValue picture, Stack<GraphValue> around)
    {
        int level = shape.Channels.Count - 1 - index;
        for (int i = 0; i < shape.Up[index].Count; i++)
        {
            var other = around.Pop();
            picture = block.Add("Concat", picture.Width + other.Width, [picture, other], static node => node.Set("axis", 1));
            picture = Layer(block, i, level, picture, shape.Up[index][i]);
        }
        return level == 0 ? picture : TorchResnet.Double(block["upsamplers", 0], picture);
    }

    private GraphValue Layer(TorchModule block, int index, int level, GraphValue picture, int depth)
    {
        picture = TorchResnet.Write(block["resnets", index], picture, shape.Channels[level], shape.Groups, shape.Epsilon, time);
        return depth == 0 ? picture : transformer.Write(block["attentions", index], picture, shape.Heads[level], depth, linear);
    }

    /// <summary>[B, T].</summary>
    private GraphValue TimeFeatures(GraphValue timestep)
    {
        var graph = root.Graph;
        var one = root.Cast(root.Add("Unsqueeze", 0, [timestep, graph.Integers([0])]), OnnxElement.Float);
        var rows = root.Expanded(one, root.Sides(root.Side(sample, 0))); // [B]
        var features = Layers(root["time_embedding"], Waves(root["time_proj"], rows, shape.Channels[0]));
        if (shape.Added is not { } added) return features;
        var pooled = graph.FloatInput("text_embeds", added.TextWidth, "batch_size", added.TextWidth);
        var sizes = graph.Input("time_ids", OnnxElement.Float, "batch_size", added.Sizes);
        var waves = Waves(root["add_time_proj"], root.Reshape(sizes, 0, graph.Integers([-1])), added.SizeWidth); // [B · 6, 256]
        int width = added.Sizes * added.SizeWidth;
        waves = root.Reshape(waves, width, root.Sides(root.Side(pooled, 0), -1)); // [B, 1536]
        var both = root.Add("Concat", added.TextWidth + width, [pooled, waves], static node => node.Set("axis", -1));
        return root.Add("Add", shape.TimeWidth, [features, Layers(root["add_embedding"], both)]);
    }

    private GraphValue Layers(TorchModule module, GraphValue features)
    {
        features = root.Cast(features, OnnxElement.Float);
        return module["linear_2"].Gemm(module["act"].Silu(module["linear_1"].Gemm(features, shape.TimeWidth)), shape.TimeWidth);
    }

    /// <summary>Sines, then cosines; then both change places.</summary>
    private GraphValue Waves(TorchModule module, GraphValue numbers, int width)
    {
        int half = width / 2;
        float[] frequencies = [.. Enumerable.Range(0, half).Select(i => (float)Math.Exp((float)-Math.Log(10000) * i / (half - shape.FrequencyShift)))];
        var graph = module.Graph;
        var rows = module.Cast(module.Add("Unsqueeze", 0, [numbers, graph.Integers([1])]), OnnxElement.Float);
        var angles = module.Add("Mul", half, [rows, graph.Numbers([1, half], frequencies)]);
        var both = Joined(module.Add("Sin", half, [angles]), module.Add("Cos", half, [angles]));
        return shape.CosineFirst ? Joined(Cut(half, long.MaxValue), Cut(0, half)) : both;

        GraphValue Cut(long first, long end) => module.Add("Slice", half,
            [both, graph.Integers([first]), graph.Integers([end]), graph.Integers([1]), graph.Integers([1])]);

        GraphValue Joined(GraphValue left, GraphValue right) => module.Add("Concat", width, [left, right], static node => node.Set("axis", -1));
    }
}

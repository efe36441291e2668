using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Benchmarks.Real.Exported;

/// <summary>diffusers' <c>Transformer2DModel</c> of a U-Net with a text, as exported.</summary>
/// <param name="text">[B, T, D].</param>
/// <param name="groups">Of the norm before the blocks.</param>
internal sealed class TorchTransformer(GraphValue text, int groups)
{
    private const float PictureEpsilon = 1e-6f, RowEpsilon = 1e-5f;
    private const int InnerFactor = 4;

    private GraphValue? texts; // how many: the exporter asks once

    /// <param name="linear">Whether its projections are linear layers (<c>use_linear_projection</c>, SDXL), else convolutions of 1 × 1.</param>
    public GraphValue Write(TorchModule module, GraphValue picture, int heads, int depth, bool linear)
    {
        int width = picture.Width;
        var (batch, height, across) = (module.Side(picture, 0), module.Side(picture, 2), module.Side(picture, 3));
        var h = module["norm"].GroupNorm(picture, groups, PictureEpsilon);
        if (!linear) h = module["proj_in"].Conv(h, width, 1);
        var channels = module.Side(h, 1);
        h = module.Turn(h, width, 0, 2, 3, 1); // [B, h, w, C]
        h = module.Reshape(h, width, module.Sides(batch, module.Add("Mul", 0, [height, across]), channels)); // [B, h · w, C]
        if (linear) h = module["proj_in"].Linear(h, width);
        for (int i = 0; i < depth; i++) h = Block(module["transformer_blocks", i], h, heads);
        if (linear) h = module["proj_out"].Linear(h, width);
        h = module.Reshape(h, width, module.Sides(batch, height, across, channels));
        h = module.Turn(h, width, 0, 3, 1, 2); // [B, C, h, w]
        if (!linear) h = module["proj_out"].Conv(h, width, 1);
        return module.Add("Add", width, [h, picture]);
    }

    private GraphValue Block(TorchModule block, GraphValue values, int heads)
    {
        int width = values.Width;
        var own = block["norm1"].LayerNorm(values, RowEpsilon);
        values = block.Add("Add", width, [Attend(block["attn1"], own, own, heads), values]);
        values = block.Add("Add", width, [Attend(block["attn2"], block["norm2"].LayerNorm(values, RowEpsilon), text, heads), values]);
        return block.Add("Add", width, [FeedForward(block["ff"], block["norm3"].LayerNorm(values, RowEpsilon)), values]);
    }

    private GraphValue Attend(TorchModule module, GraphValue from, GraphValue to, int heads)
    {
        int width = from.Width;
        var batch = to == text ? texts ??= module.Side(text, 0) : module.Side(to, 0);
        var attended = TorchAttention.Write(module, batch,
            module["to_q"].Linear(from, width, bias: false), module["to_k"].Linear(to, width, bias: false), module["to_v"].Linear(to, width, bias: false),
            heads);
        return module.OverOne(module["to_out", 0].Linear(attended, width));
    }

    /// <summary>Value and gate come out of one product and are cut apart.</summary>
    private static GraphValue FeedForward(TorchModule module, GraphValue values)
    {
        int width = values.Width, inner = InnerFactor * width;
        var gated = module["net", 0];
        var graph = module.Graph;
        var both = gated["proj"].Linear(values, 2 * inner);
        var last = graph.Integers([-1]);
        var side = gated.Add("Gather", 0, [gated.Add("Shape", 0, [both]), last], static node => node.Set("axis", 0));
        var half = gated.Add("Div", 0, [gated.Add("Add", 0, [side, graph.Integers([1])]), graph.Integers([2])]);
        var end = gated.Add("Mul", 0, [half, graph.Integers([1])]);
        var value = gated.Add("Slice", inner, [both, graph.Integers([0]), end, last]);
        var gate = gated.Add("Slice", inner, [both, end, gated.Add("Mul", 0, [half, graph.Integers([2])]), last]);
        return module["net", 2].Linear(gated.Add("Mul", inner, [value, gated.Gelu(gate)]), width);
    }
}

using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>
/// Blocks in which a picture's cells attend to each other and to a text: diffusers' <c>Transformer2DModel</c> of <c>BasicTransformerBlock</c>s.
/// </summary>
/// <param name="sequences">Of the batch.</param>
/// <param name="text">What is attended to, [B · T, D].</param>
/// <param name="attention">Among the picture's cells.</param>
/// <param name="groups">Of the norm before the blocks.</param>
internal sealed class CrossTransformer(Sequences sequences, GraphValue text, Attention attention, int groups)
{
    private const float PictureEpsilon = 1e-6f, RowEpsilon = 1e-5f;

    // A text is short, however large the picture.
    private readonly Attention toText = attention with { Many = false };

    /// <param name="picture">[B, C, h, w].</param>
    /// <param name="depth">Number of blocks.</param>
    public GraphValue Write(Module module, GraphValue picture, int depth)
    {
        // proj_in and proj_out are convolutions of 1 × 1 in some models and linear layers in others, which is the same.
        var rows = module["proj_in"].Linear(Sequences.FromPicture(module["norm"].GroupNorm(picture, groups, PictureEpsilon)), picture.Width); // [B · S, C]
        for (int i = 0; i < depth; i++) rows = Block(module["transformer_blocks", i], rows);
        return sequences.ToPicture(module["proj_out"].Linear(rows, picture.Width), picture) + picture;
    }

    private GraphValue Block(Module block, GraphValue rows)
    {
        var own = block["norm1"].LayerNorm(rows, RowEpsilon);
        rows = Attend(block["attn1"], attention, own, own) + rows;
        rows = Attend(block["attn2"], toText, block["norm2"].LayerNorm(rows, RowEpsilon), text) + rows;
        return FeedForward.Gated(block["ff"], block["norm3"].LayerNorm(rows, RowEpsilon)) + rows;
    }

    private GraphValue Attend(Module module, Attention kind, GraphValue from, GraphValue to)
    {
        int width = from.Width;
        var attended = kind.Write(
            sequences.Unflatten(module["to_q"].Linear(from, width, bias: false)), // [B, S, C]
            sequences.Unflatten(module["to_k"].Linear(to, width, bias: false)),
            sequences.Unflatten(module["to_v"].Linear(to, width, bias: false)));
        return module["to_out", 0].Linear(Sequences.Flatten(attended), width);
    }
}

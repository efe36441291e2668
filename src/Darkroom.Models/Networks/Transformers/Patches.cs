using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>Pictures as sequences of square patches, and back.</summary>
/// <param name="picture">[B, C, H, W].</param>
/// <param name="size">Cells along a patch's side, p.</param>
internal sealed class Patches(GraphValue picture, int size)
{
    private readonly GraphValue batch = picture.Shape(0, 1);

    /// <summary>Rows and columns of patches: int64, [1] each.</summary>
    public GraphValue Rows { get; } = Count(picture, 2, size);

    public GraphValue Columns { get; } = Count(picture, 3, size);

    /// <summary>A layer's features of each patch, [B, S, D].</summary>
    /// <param name="conv">A convolution over patches.</param>
    public GraphValue Embed(Module conv, int width) =>
        conv.Conv(picture, width, size, size, [0, 0, 0, 0]).Reshape(width, 0, width, -1).Transpose(width, 0, 2, 1);

    /// <summary>The picture that patches make, [B, C, H, W].</summary>
    /// <param name="sequences">[B, S, p · p · C]: a patch's rows, its columns, its channels.</param>
    public GraphValue Join(GraphValue sequences, int channels)
    {
        var graph = sequences.Graph;
        var apart = graph.Concat(0, 0, batch, Rows, Columns, graph.Integers([size, size, channels]));
        var joined = graph.Concat(0, 0, batch, graph.Integers([channels]), Rows * graph.Integers([size]), Columns * graph.Integers([size]));
        // [B, h, w, p, p, C] → [B, C, h, p, w, p] → [B, C, H, W]
        return sequences.Reshape(0, apart).Transpose(0, 0, 5, 1, 3, 2, 4).Reshape(channels, joined);
    }

    private static GraphValue Count(GraphValue picture, int axis, int size)
    {
        var sides = picture.Shape(axis, axis + 1);
        return picture.Graph.Add("Div", 0, [sides, picture.Graph.Integers([size])]);
    }
}

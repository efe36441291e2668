using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>Pictures in other sizes, without weights.</summary>
internal static class Resizing
{
    /// <summary>Every cell four times: [B, C, h, w] → [B, C, 2h, 2w].</summary>
    public static GraphValue Double(GraphValue picture) => Repeat(picture, 2);

    /// <summary>Every cell as a square of itself: [B, C, h, w] → [B, C, n · h, n · w].</summary>
    public static GraphValue Repeat(GraphValue picture, int times) => picture.Graph.Add(
        "Resize", picture.Width, [picture, null, picture.Graph.Numbers([4], [1, 1, times, times], single: true)],
        node => node.Set("mode", "nearest").Set("coordinate_transformation_mode", "asymmetric").Set("nearest_mode", "floor"));

    /// <summary>A square of cells out of the channels of one: [B, n · n · C, h, w] → [B, C, n · h, n · w].</summary>
    public static GraphValue FromChannels(GraphValue picture, int side) => picture.Graph.Add(
        "DepthToSpace", picture.Width / (side * side), [picture], node => node.Set("blocksize", side).Set("mode", "CRD"));

    /// <summary>The other way round: [B, C, n · h, n · w] → [B, n · n · C, h, w], a channel's cells one behind the other.</summary>
    public static GraphValue ToChannels(GraphValue picture, int side)
    {
        var graph = picture.Graph;
        int channels = picture.Width;
        var size = graph.Add("Div", 0, [picture.Shape(2, 4), graph.Integers([side, side])]); // h, w
        var (rows, columns) = (size.Slice(0, 0, 1), size.Slice(0, 1, 2));
        var apart = graph.Concat(0, 0, graph.Integers([-1, channels]), rows, graph.Integers([side]), columns, graph.Integers([side]));
        var joined = graph.Concat(0, 0, graph.Integers([-1, channels * side * side]), rows, columns);
        return picture.Reshape(0, apart).Transpose(0, 0, 1, 3, 5, 2, 4).Reshape(channels * side * side, joined); // [B, C, h, n, w, n] → [B, C, n, n, h, w]
    }
}

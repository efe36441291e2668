using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Transformers;

/// <summary>Latents as FLUX takes them: 2 × 2 cells are one place of a sequence, with all their channels one behind the other.</summary>
/// <param name="latents">[B, C, h, w].</param>
internal sealed class PackedLatents(GraphValue latents)
{
    private const int Side = 2;

    private readonly Patches patches = new(latents, Side);
    private readonly GraphValue batch = latents.Shape(0, 1);

    /// <summary>[B, S, 4C].</summary>
    public GraphValue Pack()
    {
        var graph = latents.Graph;
        int channels = latents.Width;
        var apart = graph.Concat(0, 0, batch, graph.Integers([channels]), patches.Rows, graph.Integers([Side]), patches.Columns, graph.Integers([Side]));
        return latents.Reshape(0, apart).Transpose(0, 0, 2, 4, 1, 3, 5) // [B, C, h/2, 2, w/2, 2] → [B, h/2, w/2, C, 2, 2]
            .Reshape(4 * channels, graph.Concat(0, 0, batch, graph.Integers([-1, Side * Side * channels])));
    }

    /// <summary>[B, S, 4C] → [B, C, h, w].</summary>
    public GraphValue Unpack(GraphValue packed)
    {
        var graph = latents.Graph;
        int channels = packed.Width / (Side * Side);
        var apart = graph.Concat(0, 0, batch, patches.Rows, patches.Columns, graph.Integers([channels, Side, Side]));
        var whole = graph.Concat(0, 0, batch, graph.Integers([channels]), latents.Shape(2, 4));
        return packed.Reshape(0, apart).Transpose(0, 0, 3, 1, 4, 2, 5).Reshape(channels, whole);
    }

    /// <summary>0, row and column of each place: float32, [S, 3].</summary>
    public GraphValue Places()
    {
        var graph = latents.Graph;
        var (rows, columns) = (Line(patches.Rows), Line(patches.Columns));
        var grid = graph.Concat(0, 0, patches.Rows, patches.Columns);
        var (row, column) = (Spread(rows.Unsqueeze(1)), Spread(columns.Unsqueeze(0)));
        return graph.Concat(1, 3, row - row, row, column);

        GraphValue Line(GraphValue count) =>
            graph.Add("Range", 0, [graph.Integer(0), graph.Add("Squeeze", 0, [count]), graph.Integer(1)]).Cast(OnnxElement.Float);

        GraphValue Spread(GraphValue line) => graph.Add("Expand", 0, [line, grid]).Reshape(1, -1, 1);
    }
}

using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Networks.Blocks;

/// <summary>Pictures in other sizes, without weights.</summary>
internal static class Resizing
{
    /// <summary>Every cell four times: [B, C, h, w] → [B, C, 2h, 2w].</summary>
    public static GraphValue Double(GraphValue picture) => picture.Graph.Add(
        "Resize", picture.Width, [picture, null, picture.Graph.Numbers([4], [1, 1, 2, 2], single: true)],
        node => node.Set("mode", "nearest").Set("coordinate_transformation_mode", "asymmetric").Set("nearest_mode", "floor"));
}

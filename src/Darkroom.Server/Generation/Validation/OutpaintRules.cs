using Darkroom.Imaging.Canvas;
using Darkroom.Models.Catalog;
using Edit = Darkroom.Server.Generation.Validation.EditFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What an outpainting may ask of a model whose canvas is smaller than picture and extension.</summary>
internal static class OutpaintRules
{
    public static void CheckWindows(
        PictureFile picture, CanvasExtension sides, FieldValues values, ModelDescription model, RequestLimits limits, FaultList faults)
    {
        var grid = OutpaintGrid.Of(picture.Width, picture.Height, sides, model.MaxSize, model.SizeStep);
        int windows = grid.Count;
        if (windows <= limits.Windows) return;
        var longest = new[] { (Edit.Left, sides.Left), (Edit.Right, sides.Right), (Edit.Up, sides.Up), (Edit.Down, sides.Down) }.MaxBy(side =>
            side.Item2).Item1;
        faults.Add(
            longest,
            $"left, right, up and down would be painted in {windows} windows "
            + $"of {grid.WindowWidth}x{grid.WindowHeight} pixels, the canvas of model '{model.Id}'; "
            + $"{limits.Windows} are the most.",
            values.JsonOf(longest), $"left, right, up and down within {limits.Windows} windows");
    }
}

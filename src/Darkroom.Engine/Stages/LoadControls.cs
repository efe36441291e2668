using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages.Controls;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Stages;

/// <summary>Decodes what the row's ControlNets are shown, and brings it to the size that is denoised, beside the loop.</summary>
/// <param name="row">The row.</param>
/// <param name="pictures">Where the pictures are.</param>
/// <param name="nets">A ControlNet by its id.</param>
internal sealed class LoadControls(RowMemory row, PictureLoading pictures, Func<string, ControlNetPart> nets) : Stage
{
    public override Task? Begin(Background background) => background(async () =>
    {
        int factor = row.Model.Description.LatentFactor, width = row.Shape.Width * factor, height = row.Shape.Height * factor;
        var runs = new List<ControlRun>();
        foreach (var order in row.Request.Controls!)
            runs.Add(RunOf(order, nets(order.Model), await pictures.LoadAsync(order.Picture), width, height));
        row.Controls = runs;
    });

    /// <summary>A picture as a ControlNet is shown it: stretched to the canvas, in [0, 1].</summary>
    public static ControlRun RunOf(ControlOrder order, ControlNetPart net, Picture picture, int width, int height)
    {
        float[] values = PixelConversion.ToNetwork(PictureFit.To(picture, width, height, ResizeMode.Stretch)); // [3, H, W] in [-1, 1]
        for (int i = 0; i < values.Length; i++) values[i] = values[i] / 2 + 0.5f;
        return new ControlRun(order, net, values, width, height);
    }

    public override JobFailure FailureOf(Exception reason) => reason is GraphException
        ? new(JobFailureKind.ModelUnavailable, $"A ControlNet could not be loaded: {reason.Message}.")
        : new(JobFailureKind.Internal, "A picture of the request could not be read again.");
}

using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages.Controls;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Stages;

/// <summary>
/// Decodes what the row's ControlNets are shown, and brings it to the size that is denoised, beside the loop; in an outpainting for each window.
/// </summary>
/// <param name="row">The row.</param>
/// <param name="pictures">Where the pictures are.</param>
/// <param name="nets">Those of the request, in its order; loading since the job was claimed.</param>
internal sealed class LoadControls(RowMemory row, PictureLoading pictures, Task<ControlNetPart[]> nets) : Stage
{
    public override Task? Begin(Background background) => background(async () =>
    {
        int factor = row.Model.Description.LatentFactor, width = row.Shape.Width * factor, height = row.Shape.Height * factor;
        var found = await nets;
        var runs = new List<ControlRun>();
        foreach (var (order, net) in row.Request.Controls!.Zip(found))
        {
            var picture = await pictures.LoadAsync(order.Picture);
            runs.Add(RunOf(order, net, row.Work?.PartOf(picture, row.Edit!.Pass) ?? picture, width, height));
        }
        row.Controls = runs;
    });

    /// <summary>A picture as a ControlNet is shown it: stretched to the canvas, in [0, 1].</summary>
    public static ControlRun RunOf(ControlOrder order, ControlNetPart net, Picture picture, int width, int height)
    {
        float[] values = PixelConversion.ToNetwork(PictureFit.To(picture, width, height, ResizeMode.Stretch)); // [3, H, W] in [-1, 1]
        for (int i = 0; i < values.Length; i++) values[i] = values[i] / 2 + 0.5f;
        return new ControlRun(order, net, new ControlPicture(values, width, height));
    }

    public override JobFailure FailureOf(Exception reason) => reason is GraphException
        ? new(JobFailureKind.ModelUnavailable, $"A ControlNet could not be loaded: {reason.Message}.")
        : new(JobFailureKind.Internal, "A picture of the request could not be read again.");
}

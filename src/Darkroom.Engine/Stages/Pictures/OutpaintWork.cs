using Darkroom.Imaging;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// outpaint: the picture on a larger canvas, the new area painted window by window from the picture outward; each window sees enough of what
/// stands to continue it, and what was sent stands but for the feather. The new area is filled with the picture's edge, drawn out: at strength 1 nobody
/// sees it, since denoising begins from pure noise; below that it leaves something quiet at every strength, where a fill of noise shows through at low ones.
/// </summary>
internal sealed class OutpaintWork : PictureWork
{
    private readonly OutpaintPlan plan;
    private readonly Picture canvas;

    /// <param name="picture">RGB.</param>
    /// <param name="extension">Pixels on each side, and the feather.</param>
    /// <param name="maxSize">Longest side of the model's canvas.</param>
    /// <param name="step">Sides of a window are multiples of it.</param>
    public OutpaintWork(Picture picture, CanvasExtension extension, int maxSize, int step)
    {
        plan = OutpaintPlan.Make(picture.Width, picture.Height, extension, maxSize, step);
        canvas = OutpaintCanvas.Extend(picture, plan, CanvasFill.Edge);
    }

    public override int Width => plan.Passes[0].Window.Width;

    public override int Height => plan.Passes[0].Window.Height;

    public override int Passes => plan.Passes.Count;

    public override bool IsMasked => true;

    public override bool Continues => true;

    public override Picture Result => canvas.Crop(new PixelRect(0, 0, plan.Width, plan.Height));

    public override Picture Canvas(int pass) => canvas.Crop(plan.Passes[pass].Window);

    public override Picture Mask(int pass) => OutpaintMask.Of(plan.Passes[pass], plan);

    /// <summary>Brought to the size of the answer, and the pass's window of it.</summary>
    public override Picture PartOf(Picture whole, int pass)
    {
        var larger = Picture.Blank(canvas.Width, canvas.Height, 3); // the windows may reach beyond the answer
        larger.Paste(ChannelConversion.ToRgb(PictureFit.To(whole, plan.Width, plan.Height, ResizeMode.Stretch)), 0, 0);
        return larger.Crop(plan.Passes[pass].Window);
    }

    public override void Close(int pass, Picture painted)
    {
        var one = plan.Passes[pass];
        var laid = OutpaintMask.Overlay(Mask(pass), one, plan);
        var standing = Canvas(pass);
        canvas.Paste(Overlay.Apply(laid, standing, ToneMatch.Run(one, plan, laid, standing, painted)), one.Window.X, one.Window.Y);
    }
}

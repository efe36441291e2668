using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// inpaint: what the mask names is repainted, on the whole picture or on the masked region alone, and laid over the picture sent. Outside of the
/// blurred mask every byte of it comes back.
/// </summary>
internal sealed class InpaintWork : PictureWork
{
    private readonly Picture original;
    private readonly Picture mask;
    private readonly Picture canvas;
    private readonly Picture canvasMask;
    private readonly PixelRect? region;
    private readonly bool keepsSize;
    private Picture? result;

    /// <param name="picture">RGB.</param>
    /// <param name="sent">The mask as it was sent, the picture's size.</param>
    /// <param name="edit">How the mask is read and used.</param>
    /// <param name="width">The size worked at.</param>
    /// <param name="height">The size worked at.</param>
    /// <param name="fit">How the whole picture is brought to that size, where the answer has it too.</param>
    public InpaintWork(Picture picture, Picture sent, MaskEdit edit, int width, int height, ResizeMode fit)
    {
        Width = width;
        Height = height;
        original = picture;
        keepsSize = edit.AnswersPictureSize;
        mask = GaussianBlur.Run(MaskGrowth.Run(MaskReader.From(sent, edit.Reading), edit.Grow), (float)edit.Blur);
        if (edit.OnlyMasked)
        {
            region = CropRegion.Of(mask, width, height, edit.Padding);
            canvas = PictureFit.To(picture.Crop(region.Value), width, height, ResizeMode.Pad);
            canvasMask = ChannelConversion.ToGrey(PictureFit.To(mask.Crop(region.Value), width, height, ResizeMode.Pad));
        }
        else
        {
            // The answer is brought back to the picture's own size: then nothing may be cut off on the way.
            var way = keepsSize ? ResizeMode.Stretch : fit;
            canvas = PictureFit.To(picture, width, height, way);
            canvasMask = ChannelConversion.ToGrey(PictureFit.To(mask, width, height, way));
        }
        if (edit.Fill == MaskFill.Blur)
            canvas = SurroundingFill.Run(canvas, canvasMask);
    }

    public override int Width { get; }

    public override int Height { get; }

    public override bool IsMasked => true;

    /// <summary>Whether nothing is to be repainted.</summary>
    public bool IsEmpty => MaskArithmetic.IsEmpty(mask);

    public override Picture Result => result ?? (keepsSize ? original : canvas);

    public override Picture Canvas(int pass) => canvas;

    public override Picture Mask(int pass) => canvasMask;

    public override void Close(int pass, Picture painted) => result = !keepsSize
        ? Overlay.Apply(canvasMask, canvas, painted)
        : Overlay.Apply(mask, original, region is { } part
            ? Overlay.Paste(original, painted, part)
            : PictureFit.To(painted, original.Width, original.Height, ResizeMode.Stretch));
}

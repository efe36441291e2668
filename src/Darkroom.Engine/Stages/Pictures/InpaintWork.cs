using Darkroom.Diffusion.Tensors;
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
    private readonly Picture laid; // by which a picture of another size than the original is laid over it
    private readonly bool bicubic;
    private readonly Picture canvas;
    private readonly Picture sized; // before what is under the mask was filled
    private readonly Picture canvasMask;
    private readonly MaskMode reading;
    private readonly MaskFacts facts;
    private readonly PixelRect? region;
    private readonly bool keepsSize;
    private Picture? result;

    /// <param name="picture">RGB.</param>
    /// <param name="sent">The mask as it was sent, the picture's size.</param>
    /// <param name="edit">How the mask is read and used.</param>
    /// <param name="width">The size worked at.</param>
    /// <param name="height">The size worked at.</param>
    /// <param name="fit">How the whole picture is brought to that size, where the answer has it too.</param>
    /// <param name="asA1111">Whether masks are blurred, cut out and laid on as A1111 does.</param>
    public InpaintWork(Picture picture, Picture sent, MaskEdit edit, int width, int height, ResizeMode fit, bool asA1111 = false)
    {
        bicubic = asA1111;
        Width = width;
        Height = height;
        original = picture;
        keepsSize = edit.AnswersPictureSize;
        reading = edit.Reading;
        var read = MaskReader.From(sent, reading);
        var grown = MaskGrowth.Run(read, edit.Grow);
        mask = asA1111 ? KernelBlur.Run(grown, edit.Blur) : GaussianBlur.Run(grown, (float)edit.Blur);
        facts = MaskFacts.Of(read, mask);
        if (edit.OnlyMasked)
        {
            PixelRect part;
            if (asA1111) part = CropRegion.Of(mask, width, height, edit.Padding);
            else (part, mask) = MaskedRegion.Of(mask, width, height, edit.Padding);
            region = part;
            canvas = PictureFit.To(picture.Crop(part), width, height, ResizeMode.Pad);
            canvasMask = ChannelConversion.ToGrey(PictureFit.To(mask.Crop(part), width, height, ResizeMode.Pad));
        }
        else
        {
            // The answer is brought back to the picture's own size: then nothing may be cut off on the way.
            var way = keepsSize ? ResizeMode.Stretch : fit;
            canvas = PictureFit.To(picture, width, height, way);
            canvasMask = ChannelConversion.ToGrey(PictureFit.To(mask, width, height, way));
        }
        sized = canvas;
        // A1111 fills the picture whatever is to stand in its place among the latents.
        if (edit.Fill == MaskFill.Blur || (asA1111 && edit.Fill != MaskFill.Original))
            canvas = SurroundingFill.Run(canvas, canvasMask);
        laid = asA1111 && region is null ? MaskArithmetic.Doubled(keepsSize ? mask : canvasMask) : keepsSize ? mask : canvasMask;
    }

    public override int Width { get; }

    public override int Height { get; }

    public override bool IsMasked => true;

    /// <summary>Whether nothing is to be repainted.</summary>
    public bool IsEmpty => facts.RepaintsNothing;

    public override string? WarningFor(LatentShape shape) => MaskWarning.Of(facts, reading)
        ?? (Array.Exists(CellsOf(canvasMask, shape), cell => cell > 0) ? null : MaskWarning.TooFine);

    private float[] CellsOf(Picture grey, LatentShape shape) => bicubic
        ? MaskArithmetic.ToLatentsByBicubic(grey, shape.Width, shape.Height)
        : MaskArithmetic.ToLatents(grey, shape.Width, shape.Height);

    public override Picture Result => result ?? (keepsSize ? original : canvas);

    public override Picture Canvas(int pass) => canvas;

    public override Picture Mask(int pass) => canvasMask;

    /// <summary>As of the picture itself: the masked region alone, where that is worked at.</summary>
    public override Picture PartOf(Picture whole, int pass) => region is { } part
        ? PictureFit.To(PictureFit.To(whole, original.Width, original.Height, ResizeMode.Stretch).Crop(part), Width, Height, ResizeMode.Pad)
        : whole;

    public override void Close(int pass, Picture painted) => result = !keepsSize
        ? Overlay.Apply(laid, sized, painted)
        : Overlay.Apply(laid, original, region is { } part
            ? Overlay.Paste(original, painted, part)
            : PictureFit.To(painted, original.Width, original.Height, ResizeMode.Stretch));
}

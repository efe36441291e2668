using Darkroom.Engine.Jobs;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Catalog;
using Edit = Darkroom.Server.Generation.Validation.EditFields;
using Fields = Darkroom.Server.Generation.Validation.GenerationFields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>A picture of a request, on its way to the input store.</summary>
/// <param name="Field">The field that brought it.</param>
/// <param name="File">What was sent.</param>
/// <param name="NeedsAlpha">Whether it says nothing without an alpha channel.</param>
internal sealed record SentPicture(PictureField Field, PictureFile File, bool NeedsAlpha = false);

/// <summary>What a task makes of the pictures that came with it, and the size of its work and of its answer.</summary>
/// <param name="Width">Of the work, pixels.</param>
/// <param name="Height">Of the work, pixels.</param>
/// <param name="Answer">Size of a finished picture, before any upscaling.</param>
/// <param name="Change">What the picture tasks add, ids of its pictures still to come; null for txt2img.</param>
/// <param name="Pictures">The picture, then the mask where there is one.</param>
internal sealed record PicturePlan(int Width, int Height, (int Width, int Height) Answer, PictureEdit? Change, IReadOnlyList<SentPicture> Pictures)
{
    /// <summary>The longest side of a canvas that is put together of several passes.</summary>
    public const int MaxCanvas = 8192;

    /// <summary>The plan; null where a picture is missing or wrong, which is a fault already.</summary>
    public static PicturePlan? Of(
        GenerationTask task, FieldValues values, ModelDescription model, RequestLimits limits, FaultList faults, List<string> warnings)
    {
        if (task == GenerationTask.Txt2img)
        {
            var (width, height) = (Side(values.Resolve(Fields.Width, model)!.Value, model), Side(values.Resolve(Fields.Height, model)!.Value, model));
            return new(width, height, (width, height), null, []);
        }
        if (!values.TryGet(Edit.Image, out var sent)) return null;
        var picture = sent!.For(model);
        return task switch
        {
            GenerationTask.Inpaint => Inpaint(picture, values, model, faults, warnings),
            GenerationTask.Outpaint => Outpaint(picture, values, model, limits, faults),
            _ => Img2Img(picture, values, model, faults, warnings),
        };
    }

    private static PicturePlan Img2Img(PictureFile picture, FieldValues values, ModelDescription model, FaultList faults, List<string> warnings)
    {
        if (model.ShowsPicture && values.IsGiven(Edit.Strength))
            faults.Add(Edit.Strength, $"Model '{model.Id}' has no use for strength: it makes another picture of it, as the prompt says.",
                values.JsonOf(Edit.Strength), "absent");
        long? Asked(SizeField side) => values.TryGet(side, out var value) && value is { } given ? Side(given, model) : null;
        var (width, height) = PictureSizes.Of(picture, Asked(Edit.Width), Asked(Edit.Height), model, warnings);
        var change = new PictureEdit
        {
            Picture = Unkept(picture),
            Strength = model.ShowsPicture ? 1 : values.Resolve(Edit.Strength, model)!.Value,
            ShowsPicture = model.ShowsPicture,
            Fit = FitOf(values, model),
            NoiseMultiplier = values.Resolve(Edit.NoiseMultiplier, model)!.Value,
        };
        return new(width, height, (width, height), change, [new(Edit.Image, picture)]);
    }

    private static PicturePlan? Inpaint(PictureFile picture, FieldValues values, ModelDescription model, FaultList faults, List<string> warnings)
    {
        if (!values.TryGet(Edit.Mask, out var mask)) return null;
        if ((mask!.Width, mask.Height) != (picture.Width, picture.Height))
            faults.Add(Edit.Mask, $"The mask has {mask.Size} pixels and the picture {picture.Size}; they must be of one size.", null, picture.Size);
        var plan = Img2Img(picture, values, model, faults, warnings);
        var change = new MaskEdit
        {
            Picture = Unkept(mask),
            Reading = values.Resolve(Edit.MaskMode, model),
            Blur = values.Resolve(Edit.MaskBlur, model)!.Value,
            Grow = (int)values.Resolve(Edit.MaskGrow, model),
            Fill = values.Resolve(Edit.Fill, model),
            OnlyMasked = values.Resolve(Edit.Area, model),
            Padding = (int)values.Resolve(Edit.Padding, model),
            KeepsPictureSize = !values.IsGiven(Edit.Width) && !values.IsGiven(Edit.Height),
        };
        return plan with
        {
            Answer = change.AnswersPictureSize ? (picture.Width, picture.Height) : plan.Answer,
            Change = plan.Change! with { Mask = change },
            Pictures = [.. plan.Pictures, new(Edit.Mask, mask, change.Reading == MaskMode.Alpha)],
        };
    }

    private static PicturePlan Outpaint(PictureFile picture, FieldValues values, ModelDescription model, RequestLimits limits, FaultList faults)
    {
        int Pixels(WholeField side) => (int)values.Resolve(side, model);
        var sides = new CanvasExtension(Pixels(Edit.Left), Pixels(Edit.Right), Pixels(Edit.Up), Pixels(Edit.Down), Pixels(Edit.Feather));
        var (width, height) = (picture.Width + sides.Left + sides.Right, picture.Height + sides.Up + sides.Down);
        if (sides is { Left: 0, Right: 0, Up: 0, Down: 0 } && !faults.Any(fault => fault.Field is "left" or "right" or "up" or "down"))
            faults.Add(Edit.Left, "One of left, right, up and down must be above 0.", values.JsonOf(Edit.Left), "at least one above 0");
        if (width > MaxCanvas) TooLong(sides.Left > 0 ? Edit.Left : Edit.Right, "left + right", width, picture.Width);
        if (height > MaxCanvas) TooLong(sides.Up > 0 ? Edit.Up : Edit.Down, "up + down", height, picture.Height);
        if (width <= MaxCanvas && height <= MaxCanvas) OutpaintRules.CheckWindows(picture, sides, values, model, limits, faults);
        var change = new PictureEdit { Picture = Unkept(picture), Strength = values.Resolve(Edit.OutpaintStrength, model)!.Value, Extension = sides };
        return new(width, height, (width, height), change, [new(Edit.Image, picture)]);

        void TooLong(WholeField field, string names, int side, int own) => faults.Add(
            field, $"Picture and extension come to {side} pixels; {MaxCanvas} are the most, so {names} may be {MaxCanvas - own} here.",
            values.JsonOf(field),
            $"{names} at most {MaxCanvas - own}");
    }

    // A side that is none is a fault already; the others are still looked for, without numbers that no arithmetic holds.
    private static int Side(long asked, ModelDescription model) => (int)Math.Clamp(asked, 1, model.MaxSize);

    // Its id is given when it is kept, after all else is found right.
    public static InputPicture Unkept(PictureFile picture) => new("", picture.Width, picture.Height)
    {
        IsArray = picture.Header.ArrayChannels is not null, Bits = picture.Header.Bits,
    };

    /// <summary>A size that follows from the picture differs from it by rounding alone: then nothing is cut off, as in diffusers.</summary>
    private static ResizeMode FitOf(FieldValues values, ModelDescription model) =>
        // The one size of a model may have another aspect; a picture that is repainted keeps its own whatever it was worked at.
        (model.FixedSize is not null && !values.IsGiven(Edit.Mask)) || values.TryGet(Edit.ResizeMode, out _) || values.TryGet(Edit.Width, out _)
            || values.TryGet(Edit.Height, out _)
            ? values.Resolve(Edit.ResizeMode, model)
            : ResizeMode.Stretch;
}

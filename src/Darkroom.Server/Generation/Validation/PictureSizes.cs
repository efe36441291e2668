using Darkroom.Models.Catalog;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The size that a picture is worked at.</summary>
internal static class PictureSizes
{
    /// <param name="width">As asked, right by itself; null: not asked.</param>
    /// <param name="height">As asked, right by itself; null: not asked.</param>
    public static (int Width, int Height) Of(PictureFile picture, long? width, long? height, ModelDescription model, List<string> warnings) =>
        (width, height) switch
    {
        _ when model.FixedSize is { } only => Fixed(only, picture, model, warnings),
        ({ } w, { } h) => ((int)w, (int)h),
        ({ } w, null) => ((int)w, Follow("height", (double)w * picture.Height / picture.Width, picture, model, warnings)),
        (null, { } h) => (Follow("width", (double)h * picture.Width / picture.Height, picture, model, warnings), (int)h),
        _ => Own(picture, model, warnings),
    };

    /// <summary>The size of pictures that a model was trained on, by the picture's aspect, and no larger than the picture.</summary>
    public static (int Width, int Height) AsTrained(PictureFile picture, ModelDescription model, List<string> warnings)
    {
        if (model.FixedSize is { } only) return Fixed(only, picture, model, warnings);
        long longest = Math.Max(picture.Width, picture.Height), most = Math.Min(longest, model.NativeSize);
        var size = (Width: Down(picture.Width * most / longest, model), Height: Down(picture.Height * most / longest, model));
        if (size != (picture.Width, picture.Height))
            warnings.Add($"the picture of {picture.Size} is looked at in {size.Width} x {size.Height} pixels: model '{model.Id}' was trained on "
                + $"{model.NativeSize} a side, and takes multiples of {model.SizeStep}");
        return size;
    }

    private static (int Width, int Height) Fixed(PixelSize only, PictureFile picture, ModelDescription model, List<string> warnings)
    {
        if ((only.Width, only.Height) != (picture.Width, picture.Height))
            warnings.Add($"the picture of {picture.Size} is worked at {only.Width} x {only.Height}, the one size of model '{model.Id}'");
        return (only.Width, only.Height);
    }

    private static (int Width, int Height) Own(PictureFile picture, ModelDescription model, List<string> warnings)
    {
        long longest = Math.Max(picture.Width, picture.Height), most = Math.Min(longest, model.MaxSize);
        var size = (Width: Down(picture.Width * most / longest, model), Height: Down(picture.Height * most / longest, model));
        if (size == (picture.Width, picture.Height)) return size;
        var why = longest > model.MaxSize ? $"takes at most {model.MaxSize} pixels a side, in multiples of {model.SizeStep}"
            : $"takes sides that are multiples of {model.SizeStep}";
        warnings.Add($"the picture of {picture.Size} is worked at {size.Width} x {size.Height}: model '{model.Id}' {why}");
        return size;
    }

    // The side that was not asked: by the picture's aspect, to the nearest size there is.
    private static int Follow(string side, double wanted, PictureFile picture, ModelDescription model, List<string> warnings)
    {
        var nearest = Math.Round(wanted / model.SizeStep, MidpointRounding.AwayFromZero) * model.SizeStep;
        var possible = (int)Math.Clamp(nearest, model.SizeStep, Down(model.MaxSize, model));
        if (possible != nearest)
            warnings.Add(
                $"{side} is {possible}: {nearest} would keep the aspect of the picture of {picture.Size}, "
                + $"and model '{model.Id}' takes {model.SizeStep}…{model.MaxSize}");
        return possible;
    }

    private static int Down(long side, ModelDescription model) => (int)Math.Max(model.SizeStep, side / model.SizeStep * model.SizeStep);
}

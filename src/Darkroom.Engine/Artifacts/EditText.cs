using System.Globalization;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;

namespace Darkroom.Engine.Artifacts;

/// <summary>
/// What a picture task adds to a picture's parameters: AUTOMATIC1111's names and values where it has them, its defaults written too.
/// Of its own are "Mask channel", "Mask grow" and the fields of an outpainting.
/// </summary>
internal static class EditText
{
    public static IEnumerable<KeyValuePair<string, string>> Fields(PictureEdit? edit)
    {
        if (edit is null) return [];
        if (edit.Extension is { } extension) return Outpaint(extension);
        List<KeyValuePair<string, string>> both = [new("Resize mode", TitleOf(edit.Fit))];
        if (edit.NoiseMultiplier != 1) both.Add(new("Noise multiplier", Text(edit.NoiseMultiplier)));
        return edit.Mask is { } mask ? Inpaint(mask).Concat(both) : both;
    }

    private static IEnumerable<KeyValuePair<string, string>> Inpaint(MaskEdit mask)
    {
        yield return new("Mask mode", mask.Reading == MaskMode.Black ? "Inpaint not masked" : "Inpaint masked");
        if (mask.Reading == MaskMode.Alpha)
            yield return new("Mask channel", "alpha");
        yield return new("Mask blur", Text(mask.Blur));
        if (mask.Grow > 0)
            yield return new("Mask grow", Text(mask.Grow));
        yield return new("Masked content", TitleOf(mask.Fill));
        yield return new("Inpaint area", mask.OnlyMasked ? "Only masked" : "Whole picture");
        if (mask.OnlyMasked)
            yield return new("Masked area padding", Text(mask.Padding));
    }

    private static IEnumerable<KeyValuePair<string, string>> Outpaint(CanvasExtension extension) =>
    [
        new("Outpaint left", Text(extension.Left)), new("Outpaint right", Text(extension.Right)), new("Outpaint up", Text(extension.Up)),
        new("Outpaint down", Text(extension.Down)), new("Outpaint feather", Text(extension.Feather)),
    ];

    private static string TitleOf(ResizeMode mode) => mode switch
    {
        ResizeMode.Stretch => "Just resize",
        ResizeMode.Crop => "Crop and resize",
        _ => "Resize and fill",
    };

    private static string TitleOf(MaskFill fill) => fill switch
    {
        MaskFill.Blur => "fill",
        MaskFill.Noise => "latent noise",
        MaskFill.Zero => "latent nothing",
        _ => "original",
    };

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}

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
public static class EditText
{
    /// <summary>Names of its own fields: the noise that was taken out, as a share of the full scale, and how much of it.</summary>
    public const string RemovedNoise = "Removed noise", RemovedShare = "Removed share";

    public static IEnumerable<KeyValuePair<string, string>> Fields(PictureEdit? edit)
    {
        if (edit is null) return [];
        if (edit.Extension is { } extension) return Outpaint(extension);
        List<KeyValuePair<string, string>> both = [new("Resize mode", TitleOf(edit.Fit))];
        if (edit.NoiseMultiplier != 1) both.Add(new("Noise multiplier", Text(edit.NoiseMultiplier)));
        return edit.Mask is { } mask ? Inpaint(mask).Concat(both) : both;
    }

    /// <summary>Of its own: the noise that was taken out, as a share of the full scale, and how much of it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Fields(DenoiseOrder? order)
    {
        if (order is null) yield break;
        yield return new(RemovedNoise, (order.Noise ?? 0).ToString("0.#####", CultureInfo.InvariantCulture));
        if (order.Strength < 1) yield return new(RemovedShare, Text(order.Strength));
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

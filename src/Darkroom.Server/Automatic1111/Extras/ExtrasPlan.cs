using System.Globalization;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Automatic1111.Names;
using Darkroom.Server.Automatic1111.Reading;

namespace Darkroom.Server.Automatic1111.Extras;

/// <summary>What enlarges a picture.</summary>
/// <param name="Name">As requests call it.</param>
/// <param name="Network">Id of the network; null: the picture is resampled.</param>
internal sealed record ExtrasUpscaler(string Name, string? Network);

/// <summary>What a call of AUTOMATIC1111's Extras asks to be done to each of its pictures.</summary>
/// <param name="Factor">Pixels out for each pixel in, on each side; null: as <paramref name="Size"/> asks.</param>
/// <param name="Size">The size to cover.</param>
/// <param name="Crops">Whether what stands over that size is cut, as much on either side.</param>
/// <param name="First">What enlarges; null: nothing is done.</param>
/// <param name="Second">What enlarges beside it; null: nothing.</param>
/// <param name="Visibility">0…1: the second one's share of the answer.</param>
internal sealed record ExtrasPlan(
    double? Factor, (int Width, int Height) Size, bool Crops, ExtrasUpscaler? First, ExtrasUpscaler? Second, double Visibility)
{
    private const double DefaultFactor = 2;
    private const int DefaultSide = 512, MaxSide = 65_535;

    private static readonly HashSet<string> Names =
    [
        "resize_mode", "show_extras_results", "gfpgan_visibility", "codeformer_visibility", "codeformer_weight", "upscaling_resize", "upscaling_resize_w",
        "upscaling_resize_h", "upscaling_crop", "upscaler_1", "upscaler_2", "extras_upscaler_2_visibility", "upscale_first",
    ];

    /// <summary>The plan of a body; whatever is wrong is a fault by the name that was sent.</summary>
    /// <param name="values">Of the body.</param>
    /// <param name="pictures">Name of the field with the pictures.</param>
    /// <param name="upscalers">That it may name.</param>
    public static ExtrasPlan Of(SentValues values, string pictures, IUpscalerDirectory upscalers)
    {
        foreach (var property in values.Json.EnumerateObject())
            if (!Names.Contains(property.Name) && property.Name != pictures) values.Refuse(Short(property.Name), "is no field of this call");
        foreach (var faces in (string[])["gfpgan_visibility", "codeformer_visibility"])
            if (values.Number(faces, 0, 1) > 0) values.Refuse(faces, "asks for restored faces; Darkroom has no model for them", values.Find(faces), "0");
        values.Number("codeformer_weight", 0, 1);
        values.Flag("show_extras_results");
        values.Flag("upscale_first");

        var bySize = values.Whole("resize_mode", 0, 1) == 1;
        var factor = values.Number("upscaling_resize", 0, UpscalePasses.MaxFactor) ?? DefaultFactor;
        if (factor == 0) values.Refuse("upscaling_resize", "must be above 0", values.Find("upscaling_resize"), $"up to {Text(UpscalePasses.MaxFactor)}");
        var size = ((int)(values.Whole("upscaling_resize_w", 1, MaxSide) ?? DefaultSide), (int)(values.Whole("upscaling_resize_h", 1, MaxSide) ?? DefaultSide));
        var crops = values.Flag("upscaling_crop") ?? true;
        var visibility = values.Number("extras_upscaler_2_visibility", 0, 1) ?? 0;
        var (first, second) = (Upscaler(values, "upscaler_1", upscalers), Upscaler(values, "upscaler_2", upscalers));
        return new(bySize ? null : factor, size, bySize && crops, first, first is not null && visibility > 0 ? second : null, visibility);
    }

    /// <summary>The factor for a picture: by a size, the smallest that covers it.</summary>
    public double FactorOf(int width, int height) => Factor ?? Math.Max((double)Size.Width / width, (double)Size.Height / height);

    /// <summary>Size of the answer before anything is cut: at least one pixel a side.</summary>
    public (int Width, int Height) TargetOf(int width, int height) => UpscalePasses.TargetOf(width, height, FactorOf(width, height));

    /// <summary>Why an answer would be too large; null where it is not.</summary>
    public string? NoRoom(int width, int height)
    {
        if (First is null) return null;
        var factor = FactorOf(width, height);
        var (across, down) = (Math.Round(width * factor), Math.Round(height * factor));
        var what = string.Create(CultureInfo.InvariantCulture, $"of {width} x {height} would become {across} x {down} pixels");
        return factor > UpscalePasses.MaxFactor ? $"{what}, more than {Text(UpscalePasses.MaxFactor)} times its sides"
            : across * down > UpscalePasses.DefaultMaxPixels ? $"{what}; at most {UpscalePasses.DefaultMaxPixels} are made"
            : null;
    }

    /// <summary>What was done to a picture, by AUTOMATIC1111's names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields()
    {
        if (First is null) return [];
        var fields = new List<KeyValuePair<string, string>>();
        var size = string.Create(CultureInfo.InvariantCulture, $"{Size.Width}x{Size.Height}");
        fields.Add(Factor is { } factor ? new("Postprocess upscale by", Text(factor)) : new("Postprocess upscale to", size));
        if (Crops) fields.Add(new("Postprocess crop to", size));
        fields.Add(new("Postprocess upscaler", First.Name));
        if (Second is not null) fields.Add(new("Postprocess upscaler 2", Second.Name));
        return fields;
    }

    private static ExtrasUpscaler? Upscaler(SentValues values, string field, IUpscalerDirectory upscalers)
    {
        var name = values.Text(field);
        if (name is null or "" || name.Equals(A1111Upscalers.None, StringComparison.OrdinalIgnoreCase)) return null;
        if (A1111Upscalers.WithoutNetwork.FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } plain) return new(plain, null);
        if (A1111Upscalers.Find(name, upscalers) is not { } found)
        {
            values.Refuse(field, "names no upscaler of this server", values.Find(field), "one of: " + string.Join(", ", A1111Upscalers.Names(upscalers)));
            return null;
        }
        if (found.Fault is { } fault) values.Refuse(field, $"names an upscaler that cannot be used: {fault}", values.Find(field));
        return new(A1111Upscalers.NameOf(found, upscalers), found.Id);
    }

    private static string Short(string name) => name.Length <= 64 ? name : name[..63] + "…";

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}

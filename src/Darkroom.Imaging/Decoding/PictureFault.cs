using System.Globalization;

namespace Darkroom.Imaging.Decoding;

/// <summary>A refused picture: expected, and so a value.</summary>
/// <param name="Kind">For code.</param>
/// <param name="Message">A sentence that a client may see; it names value and limit where there are any.</param>
/// <param name="Value">What the file has.</param>
/// <param name="Limit">What is allowed.</param>
public sealed record PictureFault(PictureFaultKind Kind, string Message, long? Value = null, long? Limit = null)
{
    internal static PictureFault UnknownFormat { get; } = new(PictureFaultKind.UnknownFormat, "Not a PNG, JPEG, WebP or npy file.");

    internal static PictureFault Truncated(PictureFormat format, string detail) =>
        new(PictureFaultKind.Truncated, $"The {Name(format)} file is cut short: {detail}.");

    internal static PictureFault Broken(PictureFormat format, string detail) => new(PictureFaultKind.Broken, $"The {Name(format)} file is broken: {detail}.");

    internal static PictureFault Unsupported(PictureFormat format, string detail) =>
        new(PictureFaultKind.Unsupported, $"This kind of {Name(format)} file is not read: {detail}.");

    /// <param name="what">The start of the sentence, with its verb: "The picture has".</param>
    /// <param name="unit">What is counted.</param>
    internal static PictureFault Beyond(PictureFaultKind kind, string what, long value, long limit, string unit) =>
        new(kind, string.Create(CultureInfo.InvariantCulture, $"{what} {value} {unit}; at most {limit} are taken."), value, limit);

    /// <summary>The fault of a size, or null.</summary>
    internal static PictureFault? OfSize(long width, long height, PictureLimits limits)
    {
        string size = string.Create(CultureInfo.InvariantCulture, $"{width} x {height} pixels");
        if (width <= 0 || height <= 0) return new PictureFault(PictureFaultKind.Empty, $"A picture of {size} shows nothing.", 0);
        if (Math.Max(width, height) > limits.MaxSide)
            return Beyond(PictureFaultKind.SideTooLong, $"The picture has {size}: a side of", Math.Max(width, height), limits.MaxSide, "pixels");
        return width * height > limits.MaxArea
            ? Beyond(PictureFaultKind.AreaTooLarge, $"The picture has {size}:", width * height, limits.MaxArea, "pixels")
            : null;
    }

    internal static string Name(PictureFormat format) => format switch
    {
        PictureFormat.Png => "PNG", PictureFormat.Jpeg => "JPEG", PictureFormat.Webp => "WebP", _ => "npy",
    };
}

namespace Darkroom.Imaging.Metadata;

/// <summary>What is written into a picture's file of how it was made.</summary>
/// <param name="Parameters">
/// The generation parameters (see <see cref="ParametersText"/>), or null. PNG: a <c>parameters</c> text
/// chunk. JPEG and WebP: EXIF UserComment. A JPEG segment ends at 64 KiB: a text
/// longer than <see cref="PictureEncoder.JpegMaxText"/> is left out there, for a picture is worth more than its label.
/// </param>
/// <param name="Others">Further texts by keyword, for PNG alone.</param>
public sealed record PictureLabel(string? Parameters, IReadOnlyList<KeyValuePair<string, string>> Others)
{
    public static implicit operator PictureLabel?(string? parameters) => parameters is null ? null : new(parameters, []);
}

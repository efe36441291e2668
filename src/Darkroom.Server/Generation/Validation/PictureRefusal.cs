using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What a caller is told of a picture that is not taken: bytes that are no picture, too many of them, or a picture beyond a limit.</summary>
internal static class PictureRefusal
{
    public static Fault Of(Field field, PictureFault fault) => new(
        field.Name, fault.Message,
        fault.Value is { } value ? JsonValue.Create(value) : null,
        fault.Limit is { } limit ? string.Create(CultureInfo.InvariantCulture, $"at most {limit}") : field.Limit) { Failure = KindOf(fault.Kind) };

    private static FailureKind? KindOf(PictureFaultKind kind) => kind switch
    {
        PictureFaultKind.TooManyBytes => FailureKind.PictureTooLarge,
        PictureFaultKind.UnknownFormat or PictureFaultKind.Truncated or PictureFaultKind.Broken or PictureFaultKind.Empty
            or PictureFaultKind.Unsupported or PictureFaultKind.NotBase64 => FailureKind.InvalidPicture,
        _ => null,
    };
}

using System.Globalization;
using System.Text.Json.Nodes;
using Darkroom.Imaging.Decoding;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Validation;

/// <summary>What a caller is told of a picture that is not taken: 400 for bytes that are no picture, 413 for too many of them, 422 for a picture beyond a limit.</summary>
internal static class PictureRefusal
{
    public static Fault Of(Field field, PictureFault fault) => new(
        field.Name, fault.Message,
        fault.Value is { } value ? JsonValue.Create(value) : null,
        fault.Limit is { } limit ? string.Create(CultureInfo.InvariantCulture, $"at most {limit}") : field.Limit) { Problem = TypeOf(fault.Kind) };

    private static ProblemType? TypeOf(PictureFaultKind kind) => kind switch
    {
        PictureFaultKind.TooManyBytes => ProblemType.PictureTooLarge,
        PictureFaultKind.UnknownFormat or PictureFaultKind.Truncated or PictureFaultKind.Broken or PictureFaultKind.Empty
            or PictureFaultKind.Unsupported or PictureFaultKind.NotBase64 => ProblemType.InvalidPicture,
        _ => null,
    };
}

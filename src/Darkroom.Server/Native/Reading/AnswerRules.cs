using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Reading;

/// <summary>An answer that is the picture itself has room for one picture, in the format that the header names.</summary>
internal static class AnswerRules
{
    public static void Check(FieldValues values, AnswerFormat answer, FaultList faults)
    {
        if (answer.Picture is not { } format) return;
        var name = PictureFormats.NameOf(format);
        if (values.TryGet(GenerationFields.Format, out var wanted) && wanted != format)
            faults.Add(GenerationFields.Format, $"The Accept header asks for image/{name}.", values.JsonOf(GenerationFields.Format), name);
        if (values.TryGet(GenerationFields.Count, out var count) && count > 1)
            faults.Add(GenerationFields.Count, "An answer that is a picture holds one; accept application/json for more.",
                values.JsonOf(GenerationFields.Count), "1");
        if (values.TryGet(GenerationFields.Return, out var mode) && mode == ReturnMode.Url)
            faults.Add(GenerationFields.Return, "An answer that is a picture holds its bytes; accept application/json for a url.",
                values.JsonOf(GenerationFields.Return), "data");
    }
}

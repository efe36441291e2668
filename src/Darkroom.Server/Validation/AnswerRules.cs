using Darkroom.Models.Catalog;
using Darkroom.Server.Contracts;
using Darkroom.Server.Endpoints;

namespace Darkroom.Server.Validation;

/// <summary>An answer that is the picture itself has room for one picture, in the format that the header names.</summary>
internal static class AnswerRules
{
    /// <summary>Pictures that are made: a model's default of several gives way to an answer with room for one.</summary>
    public static int Count(FieldValues values, ModelDescription model, AnswerFormat answer) =>
        answer.Picture is not null && !values.IsGiven(GenerationFields.Count) ? 1 : (int)values.Resolve(GenerationFields.Count, model);

    public static void Check(FieldValues values, AnswerFormat answer, FaultList faults)
    {
        if (answer.Picture is not { } format) return;
        var name = PictureFormats.NameOf(format);
        if (values.TryGet(GenerationFields.Format, out var wanted) && wanted != format)
            faults.Add(GenerationFields.Format, $"The Accept header asks for image/{name}.", values.JsonOf(GenerationFields.Format), name);
        if (values.TryGet(GenerationFields.Count, out var count) && count > 1)
            faults.Add(GenerationFields.Count, "An answer that is a picture holds one; accept application/json for more.", values.JsonOf(GenerationFields.Count), "1");
        if (values.TryGet(GenerationFields.Return, out var mode) && mode == ReturnMode.Url)
            faults.Add(GenerationFields.Return, "An answer that is a picture holds its bytes; accept application/json for a url.", values.JsonOf(GenerationFields.Return), "data");
    }
}

using Darkroom.Imaging;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Reading;

/// <summary>What the native surface was asked.</summary>
/// <param name="Order">In the words of every surface.</param>
/// <param name="Bytes">The format of an answer that is the picture itself; null: JSON.</param>
internal sealed record NativeOrder(GenerationOrder Order, PictureFormat? Bytes)
{
    public static NativeOrder Read(TaskSheet sheet, RequestBody body, Accept accept, IHeaderDictionary headers)
    {
        var faults = new FaultList();
        var values = sheet.Reader.Read(body, faults);
        PromisingHeaders.Check(headers, faults);
        var answer = accept.Choose(values.TryGet(GenerationFields.Format, out var wanted) ? wanted : null);
        AnswerRules.Check(values, answer, faults);
        if (answer.Picture is { } format) values.Set(GenerationFields.Format, format, default);
        return new(new(sheet, values, faults), answer.Picture);
    }
}

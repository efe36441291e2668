using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Reading;

/// <summary>From a body and its headers to the order in the words of every surface.</summary>
internal static class NativeOrder
{
    public static GenerationOrder Read(TaskSheet sheet, RequestBody body, Accept accept, IHeaderDictionary headers)
    {
        var faults = new FaultList();
        var values = sheet.Reader.Read(body, faults);
        PromisingHeaders.Check(headers, faults);
        AnswerRules.Check(values, accept.Choose(values.TryGet(GenerationFields.Format, out var wanted) ? wanted : null), faults);
        return new(sheet, values, faults) { Single = accept.AsPicture() };
    }
}

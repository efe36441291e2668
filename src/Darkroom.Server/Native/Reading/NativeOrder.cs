using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Native.Reading;

/// <summary>From a body and its headers to the order in the words of every surface.</summary>
internal static class NativeOrder
{
    public static GenerationOrder Read(TaskSheet sheet, RequestBody body, Accept accept, IHeaderDictionary headers)
    {
        var order = GenerationOrder.Read(sheet, body);
        PromisingHeaders.Check(headers, order.Faults);
        AnswerRules.Check(order.Values, accept.Choose(order.Values.TryGet(GenerationFields.Format, out var wanted) ? wanted : null), order.Faults);
        return order with { Single = accept.AsPicture() };
    }
}

using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Http;

namespace Darkroom.Server.Native.Reading;

/// <summary>From a body and its headers to the order in the words of every surface.</summary>
internal static class NativeOrder
{
    /// <returns>The order, and the caller's key where it sent one.</returns>
    public static (GenerationOrder Order, IdempotencyKey? Key) Read(TaskSheet sheet, RequestBody body, Accept accept, IHeaderDictionary headers)
    {
        var order = GenerationOrder.Read(sheet, body);
        var key = RepeatKey.Read(headers, sheet.Task.ToString(), order.Values, order.Faults);
        AnswerRules.Check(order.Values, accept.Choose(order.Values.TryGet(GenerationFields.Format, out var wanted) ? wanted : null), order.Faults);
        return (order with { Single = accept.AsPicture() }, key);
    }
}

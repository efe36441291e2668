using System.Diagnostics;

namespace Darkroom.Models.Sessions;

/// <summary>
/// Spans of calls of graphs, each below the span that its thread is in: a batch's, mostly. What is called beside one (proofs at a load, previews) has none, and
/// where nobody listens there is nothing at all.
/// </summary>
internal static class GraphSpans
{
    private static readonly ActivitySource Source = new(GraphTelemetry.MeterName);

    /// <summary>A call begins; null where nobody listens. To be disposed of when it ends.</summary>
    /// <param name="part">Of its model: <c>unet</c>, <c>text_encoder</c> …</param>
    /// <param name="rows">Of the call's batch axis.</param>
    public static Activity? Begin(string part, long rows)
    {
        if (!Source.HasListeners() || Activity.Current is null) return null;
        var span = Source.StartActivity("call " + part);
        span?.SetTag("darkroom.part", part).SetTag("darkroom.rows", rows);
        return span;
    }

    /// <summary>The call failed.</summary>
    public static void Fail(this Activity? span, GraphFault fault) => span?.SetTag("error.type", fault.ToString()).SetStatus(ActivityStatusCode.Error);
}

using System.Diagnostics;

namespace Darkroom.Engine.Telemetry;

/// <summary>
/// A span for each batch. It serves several jobs: it stands in the trace of the first, and links to the spans of all of them. Where no job of it has a span
/// there is none.
/// </summary>
internal static class BatchSpans
{
    private static readonly ActivitySource Source = new(JobTelemetry.MeterName);

    /// <param name="kind">Of the network: denoiser, decoder …</param>
    /// <param name="model">Its model.</param>
    /// <param name="device">Index of the device.</param>
    /// <param name="rows">Pictures in it.</param>
    /// <param name="jobs">Spans of their jobs.</param>
    public static Activity? Begin(string kind, string model, int device, int rows, IReadOnlyList<Activity> jobs)
    {
        if (jobs.Count == 0) return null;
        var span = Source.StartActivity(
            "batch " + kind, ActivityKind.Internal, jobs[0].Context, tags: null, links: [.. jobs.Select(job => new ActivityLink(job.Context))]);
        span?.SetTag("darkroom.stage", kind).SetTag("gen_ai.request.model", model).SetTag("darkroom.device", device).SetTag("darkroom.rows", rows);
        return span;
    }

    /// <summary>It is over, on the thread that began it.</summary>
    /// <param name="failed">Rows of it that failed.</param>
    public static void End(Activity? span, int failed)
    {
        if (span is null) return;
        if (failed > 0) span.SetTag("darkroom.rows.failed", failed).SetStatus(ActivityStatusCode.Error);
        span.Stop();
    }
}

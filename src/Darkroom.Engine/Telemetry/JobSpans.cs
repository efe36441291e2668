using System.Diagnostics;
using System.Text.Json;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Telemetry;

/// <summary>
/// A span for each attempt at a job, below that of the request it came with, whichever process made it: the job carries that one's <c>traceparent</c>. Where
/// nobody listens there is none, and asking costs a look at a field. The loop runs on threads of others, so nothing here leaves a span behind as the
/// current one.
/// </summary>
internal static class JobSpans
{
    private static readonly ActivitySource Source = new(JobTelemetry.MeterName);

    /// <summary>Whether anybody listens.</summary>
    public static bool AreOn => Source.HasListeners();

    /// <summary>The span that the caller is in, as W3C writes it; null: it is in none.</summary>
    public static string? Parent => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current.Id : null;

    /// <summary>A claimed job begins; null where nobody listens, or the trace is not sampled.</summary>
    public static Activity? Begin(Job job)
    {
        if (!AreOn) return null;
        var request = job.Request;
        string task = Name(request.Task);
        _ = ActivityContext.TryParse(request.TraceParent, null, isRemote: true, out var parent);
        var before = Activity.Current;
        Activity.Current = null; // else a job without a parent would get whatever this thread is in
        try
        {
            var span = Source.StartActivity("job " + task, ActivityKind.Consumer, parent, startTime: default);
            // The names of OpenTelemetry's conventions for generative models where there is one. No prompt, and no caller.
            span?.SetTag("gen_ai.operation.name", "generate_content").SetTag("gen_ai.output.type", "image").SetTag("gen_ai.provider.name", "darkroom")
                .SetTag("gen_ai.request.model", request.Model).SetTag("gen_ai.request.seed", request.Seed).SetTag("gen_ai.request.choice.count", request.Count)
                .SetTag("darkroom.job.id", job.Id).SetTag("darkroom.job.task", task).SetTag("darkroom.job.attempt", job.Attempt)
                .SetTag("darkroom.steps", request.Steps).SetTag("darkroom.width", request.Width).SetTag("darkroom.height", request.Height);
            return span;
        }
        finally
        {
            Activity.Current = before;
        }
    }

    /// <summary>The attempt is over.</summary>
    /// <param name="span">Null: there is none.</param>
    /// <param name="failure">Why the job failed; null where it did not.</param>
    /// <param name="outcome"><c>succeeded</c>, <c>failed</c>, or <c>left</c>: it was cancelled, expired, or is another's now.</param>
    public static void End(Activity? span, string outcome, JobFailure? failure)
    {
        if (span is null) return;
        span.SetTag("darkroom.job.outcome", outcome);
        if (failure is not null) span.SetTag("error.type", Name(failure.Kind)).SetStatus(ActivityStatusCode.Error);
        var before = Activity.Current;
        span.Stop();
        Activity.Current = before;
    }

    /// <summary>A part of a job's work that it has for itself; null where the job has no span. To be disposed of on the flow that began it.</summary>
    public static Activity? Part(Activity? job, string name) => job is null ? null : Source.StartActivity(name, ActivityKind.Internal, job.Context);

    /// <summary>Has what is logged meanwhile say that it is of a job's trace.</summary>
    public static SpanScope Within(Activity? job) => new(job);

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <summary>Makes a span the current one until it is disposed of; nothing where there is none.</summary>
internal readonly struct SpanScope : IDisposable
{
    private readonly Activity? before;
    private readonly bool isSet;

    public SpanScope(Activity? span)
    {
        if (span is null) return;
        (before, isSet) = (Activity.Current, true);
        Activity.Current = span;
    }

    public void Dispose()
    {
        if (isSet) Activity.Current = before;
    }
}

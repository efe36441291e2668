using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Darkroom.Client.Wire;

/// <summary>From an event as it stands in the stream to what happened.</summary>
internal static class JobEventReader
{
    /// <param name="job">The job's id.</param>
    /// <param name="name">What the server calls the event.</param>
    /// <param name="mark">Where reading goes on after it.</param>
    /// <param name="data">What it says of it.</param>
    /// <exception cref="JsonException">That is not what such an event says.</exception>
    public static JobEvent Read(string job, string name, string? mark, ReadOnlySpan<byte> data) => name switch
    {
        "queued" when Of(data, ClientJson.Default.StandingData) is var it => new JobQueued(it.At, it.Position, it.Eta) { JobId = job, Mark = mark },
        "started" when Of(data, ClientJson.Default.StandingData) is var it => new JobStarted(it.At, it.Eta) { JobId = job, Mark = mark },
        "progress" when Of(data, ClientJson.Default.ProgressData) is var it =>
            new JobProgressed(it.Step, it.Steps, it.Share, it.Eta) { JobId = job, Mark = mark },
        "preview" when Of(data, ClientJson.Default.PreviewData) is var it =>
            new JobPreview(it.Index, it.Step, it.Format, it.Width, it.Height, it.Data) { JobId = job, Mark = mark },
        "succeeded" => new JobSucceeded(Of(data, ClientJson.Default.GenerationResult)) { JobId = job, Mark = mark },
        "failed" => new JobFailed(Of(data, ClientJson.Default.DarkroomProblem)) { JobId = job, Mark = mark },
        "cancelled" => new JobCancelled(Of(data, ClientJson.Default.DarkroomProblem)) { JobId = job, Mark = mark },
        "expired" => new JobExpired(Of(data, ClientJson.Default.DarkroomProblem)) { JobId = job, Mark = mark },
        _ => new UnknownJobEvent(name, ElementOf(data)) { JobId = job, Mark = mark },
    };

    /// <summary>The end of a job that was asked for, as its stream would have told it; null for one that goes on, or whose status is not known here.</summary>
    public static JobEvent? EndOf(JobSnapshot job)
    {
        if (job.Result is { } result) return new JobSucceeded(result) { JobId = job.Id };
        var problem = job.Problem ?? new();
        return job.Status == JobStatus.Failed ? new JobFailed(problem) { JobId = job.Id }
            : job.Status == JobStatus.Cancelled ? new JobCancelled(problem) { JobId = job.Id }
            : job.Status == JobStatus.Expired ? new JobExpired(problem) { JobId = job.Id }
            : null;
    }

    private static T Of<T>(ReadOnlySpan<byte> data, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(data, type) ?? throw new JsonException("An event has no data.");

    private static JsonElement ElementOf(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        return JsonElement.ParseValue(ref reader);
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Generation;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Problems;

namespace Darkroom.Server.Webhooks;

/// <summary>
/// What a receiver is told: an end of a job without its prompts and without picture bytes. The same text for the same end, whenever it is told.
/// </summary>
internal static class WebhookPayload
{
    private static readonly WebhookJson Json =
        new(new JsonSerializerOptions(WebhookJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Of(EndedJob job)
    {
        var state = WireNames.Of(job.State);
        var data = new WebhookData
        {
            Id = job.Id,
            Status = state,
            Task = WireNames.Of(job.Task),
            Model = job.Model,
            CreatedAt = job.CreatedAt,
            FinishedAt = job.FinishedAt,
            Images = [.. job.Images.Select(image => GenerationAnswers.Of(image, null))],
            Error = ErrorOf(job),
            Location = JobAnswers.UrlOf(job.Id),
        };
        return JsonSerializer.Serialize(new WebhookEvent("job." + state, job.FinishedAt, data), Json.WebhookEvent);
    }

    private static WebhookError? ErrorOf(EndedJob job)
    {
        if (job.State == JobState.Succeeded) return null;
        var problem = FailureTable.Of(Failures.Of(job));
        return new(problem.Type.Address, problem.Type.Title, problem.Type.Status, problem.Detail);
    }
}

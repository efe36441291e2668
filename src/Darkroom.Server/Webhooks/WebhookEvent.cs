using System.Text.Json.Serialization;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Webhooks;

/// <summary>The body of a webhook, as Standard Webhooks suggests it.</summary>
/// <param name="Type"><c>job.succeeded</c>, <c>job.failed</c>, <c>job.cancelled</c> or <c>job.expired</c>.</param>
/// <param name="Timestamp">When the job ended.</param>
/// <param name="Data">The job.</param>
internal sealed record WebhookEvent(string Type, DateTimeOffset Timestamp, WebhookData Data);

/// <summary>A job that ended.</summary>
internal sealed record WebhookData
{
    public required string Id { get; init; }
    public required string Status { get; init; }
    public required string Task { get; init; }
    public required string Model { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Without their bytes; their addresses are paths on this server.</summary>
    public required IReadOnlyList<ImageAnswer> Images { get; init; }

    /// <summary>The problem that a waiting caller was answered; absent for a job that succeeded.</summary>
    public WebhookError? Error { get; init; }

    /// <summary>Path of the job on this server.</summary>
    public required string Location { get; init; }
}

/// <summary>What of a problem document is the same for everybody.</summary>
internal sealed record WebhookError(string Type, string Title, int Status, string Detail);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTime)])]
[JsonSerializable(typeof(WebhookEvent))]
internal sealed partial class WebhookJson : JsonSerializerContext;

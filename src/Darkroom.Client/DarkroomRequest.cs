using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>
/// What every task takes. A value that is null is not sent: the server, or the model, has its own. Ranges are the server's to check: a value that is wrong is
/// a <see cref="DarkroomException"/> with every fault of the request.
/// </summary>
public abstract record DarkroomRequest
{
    private protected DarkroomRequest(GenerationTask task) => Task = task;

    /// <summary>Id of a model, or of an upscaler in an <see cref="UpscaleRequest"/>; null: the server's default.</summary>
    public string? Model { get; init; }

    /// <summary>Place in the queue; null: normal.</summary>
    public JobPriority? Priority { get; init; }

    /// <summary>Seconds from acceptance, above 0, after which the job ends as expired; null: none.</summary>
    public double? Deadline { get; init; }

    /// <summary>Where the end of the job is told; null: nowhere.</summary>
    public WebhookTarget? Webhook { get; init; }

    /// <summary>Content hash of the model, as answers give it: where it has changed since, the answer warns; null: not compared.</summary>
    public string? ModelHash { get; init; }

    /// <summary>
    /// 1…255 visible ASCII characters: the caller's own name for this request. The same name and request within 24 hours give the same job. Null: the client
    /// draws one for each call, so that a retry of its own never makes a second job.
    /// </summary>
    [JsonIgnore]
    public string? IdempotencyKey { get; init; }

    /// <summary>Fields that this version of the client does not have, by their names on the wire.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; set; }

    /// <summary>The task, which is the last part of its address.</summary>
    [JsonIgnore]
    public GenerationTask Task { get; }

    /// <summary>The pictures that are sent as files, by their fields' names.</summary>
    internal virtual IEnumerable<(string Field, PictureSource Picture)> Pictures => [];
}

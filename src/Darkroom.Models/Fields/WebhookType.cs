using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>
/// Where the end of a job is told, and which ends. Read as a <see cref="WebhookChoice"/>; whether the address may be called is the server's to say.
/// </summary>
public sealed class WebhookType : FieldType
{
    /// <summary>The ends of a job, as its states are called.</summary>
    public static readonly IReadOnlyList<string> Ends = ["succeeded", "failed", "cancelled", "expired"];

    public TextType Url { get; } = new(2048) { Example = "https://example.org/darkroom" };

    public override string Kind => "an object";

    public override string Limit => LimitText;

    private const string LimitText = "an object with url and events";

    private ObjectParts Parts => field ??= new(LimitText, new Dictionary<string, FieldType> { ["url"] = Url, ["events"] = new WebhookEventsType() }, "url");

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return WrongType(name);
        var faults = new List<FieldFault>();
        var parts = Parts.Read(name, json, faults);
        return faults.Count > 0 ? new(null, faults)
            : FieldReading.Of(new WebhookChoice((string)parts["url"]!, (IReadOnlyList<string>?)parts.GetValueOrDefault("events") ?? Ends));
    }

    public override void Write(Utf8JsonWriter writer, object value) => throw new NotSupportedException("Where the end of a job is told is not repeated.");
}

/// <summary>Where the end of a job is told.</summary>
/// <param name="Url">As it was given.</param>
/// <param name="Events">Names out of <see cref="WebhookType.Ends"/>, at least one.</param>
public sealed record WebhookChoice(string Url, IReadOnlyList<string> Events);

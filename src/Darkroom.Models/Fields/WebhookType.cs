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

    public override string Limit => "an object with url and events";

    private static string EventsLimit => $"a list of different names of: {string.Join(", ", Ends)}";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) return WrongType(name);
        var faults = new List<FieldFault>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? url = null;
        var events = Ends;
        foreach (var property in json.EnumerateObject())
        {
            string part = JsonText.NameOf(property), path = $"{name}.{part}";
            if (part is not ("url" or "events"))
                faults.Add(new(name, $"has no such field as '{(part.Length <= 64 ? part : part[..63] + "…")}'", Limit, FieldFaultKind.Other));
            else if (!seen.Add(part)) faults.Add(new(path, "is given twice", "once", FieldFaultKind.Other));
            else if (part == "url") url = Text(path, property.Value, faults);
            else if (property.Value.ValueKind != JsonValueKind.Null) events = Names(path, property.Value, faults);
        }
        if (!seen.Contains("url")) faults.Add(new($"{name}.url", "is required", Url.Limit, FieldFaultKind.Other));
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(new WebhookChoice(url!, events));
    }

    public override void Write(Utf8JsonWriter writer, object value) => throw new NotSupportedException("Where the end of a job is told is not repeated.");

    private string? Text(string path, JsonElement json, List<FieldFault> faults)
    {
        var reading = Url.Read(path, json);
        faults.AddRange(reading.Faults);
        return (string?)reading.Value;
    }

    private static IReadOnlyList<string> Names(string path, JsonElement json, List<FieldFault> faults)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            faults.Add(new(path, "must be an array", EventsLimit, FieldFaultKind.WrongType));
            return [];
        }
        string[] names = [.. json.EnumerateArray().Take(Ends.Count + 1).Select(one => one.ValueKind == JsonValueKind.String ? JsonText.Of(one) : "")];
        if (names.Length == 0 || names.Distinct(StringComparer.Ordinal).Count() != names.Length || !Array.TrueForAll(names, Ends.Contains))
            faults.Add(new(path, $"must be {EventsLimit}; all of them where it is absent", EventsLimit, FieldFaultKind.NotAllowed));
        return names;
    }
}

/// <summary>Where the end of a job is told.</summary>
/// <param name="Url">As it was given.</param>
/// <param name="Events">Names out of <see cref="WebhookType.Ends"/>, at least one.</param>
public sealed record WebhookChoice(string Url, IReadOnlyList<string> Events);

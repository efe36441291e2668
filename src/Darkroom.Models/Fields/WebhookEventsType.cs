using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Different names out of <see cref="WebhookType.Ends"/>, at least one. Read as a list of them.</summary>
internal sealed class WebhookEventsType : FieldType
{
    public override string Kind => "an array";

    public override string Limit => $"a list of different names of: {string.Join(", ", WebhookType.Ends)}";

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        var ends = WebhookType.Ends;
        string[] names = [.. json.EnumerateArray().Take(ends.Count + 1).Select(one => one.ValueKind == JsonValueKind.String ? JsonText.Of(one) : "")];
        return names.Length == 0 || names.Distinct(StringComparer.Ordinal).Count() != names.Length || !Array.TrueForAll(names, ends.Contains)
            ? new FieldFault(name, $"must be {Limit}; all of them where it is absent", Limit, FieldFaultKind.NotAllowed)
            : FieldReading.Of(names);
    }

    public override void Write(Utf8JsonWriter writer, object value) => throw new NotSupportedException("Where the end of a job is told is not repeated.");
}

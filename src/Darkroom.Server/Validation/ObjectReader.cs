using System.Text.Json;

namespace Darkroom.Server.Validation;

/// <summary>Reads a JSON object by a table of fields and lists every fault: wrong types and ranges, unknown names, names given twice, names missing.</summary>
internal sealed class ObjectReader
{
    private readonly IReadOnlyList<Field> _fields;
    private readonly Dictionary<string, Field> _byName;

    public ObjectReader(IReadOnlyList<Field> fields)
    {
        _fields = fields;
        _byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    public FieldValues Read(JsonElement body, FaultList faults)
    {
        var values = new FieldValues();
        if (body.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault("", "The body must be a JSON object.", GivenValue.Shorten(body), "an object"));
            return values;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in body.EnumerateObject())
        {
            var name = JsonText.NameOf(property);
            if (!seen.Add(name)) faults.Add(new Fault(Shown(name), "This field is given twice.", null, "once"));
            else if (!_byName.TryGetValue(name, out var field)) faults.Add(Unknown(name));
            else if (property.Value.ValueKind == JsonValueKind.Null && !field.IsRequired) continue;
            else if (field.Read(property.Value, faults) is { } value) values.Set(field, value, property.Value);
        }

        foreach (var field in _fields)
            if (field.IsRequired && !seen.Contains(field.Name))
                faults.Add(field, $"{field.Name} is required.", null);
        return values;
    }

    private Fault Unknown(string name) => new(Shown(name), $"There is no such field.{Suggestion.Sentence(name, _byName.Keys)}");

    private static string Shown(string name) => name.Length <= 64 ? name : name[..63] + "…";
}

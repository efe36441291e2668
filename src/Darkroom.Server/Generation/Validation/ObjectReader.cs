using System.Text.Json;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Generation.Validation;

/// <summary>Reads a JSON object by a table of fields and lists every fault: wrong types and ranges, unknown names, names given twice, names missing.</summary>
internal sealed class ObjectReader
{
    private readonly IReadOnlyList<Field> fields;
    private readonly Dictionary<string, Field> byName;
    private readonly IReadOnlyDictionary<string, string> refused;

    /// <param name="fields">The fields there are.</param>
    /// <param name="refused">Names that have a meaning elsewhere, and why they have none here.</param>
    public ObjectReader(IReadOnlyList<Field> fields, IReadOnlyDictionary<string, string>? refused = null)
    {
        this.fields = fields;
        this.refused = refused ?? new Dictionary<string, string>();
        byName = fields.ToDictionary(field => field.Name, StringComparer.Ordinal);
    }

    /// <summary>The field of a name; null for none.</summary>
    public Field? Find(string name) => byName.GetValueOrDefault(name);

    public FieldValues Read(RequestBody request, FaultList faults)
    {
        var (body, values) = (request.Json, new FieldValues());
        if (body.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault("", "The body must be a JSON object.", GivenValue.Shorten(body), "an object"));
            return values;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in request.Files) ReadFile(file, seen, values, faults);
        foreach (var property in body.EnumerateObject())
        {
            var name = JsonText.NameOf(property);
            if (!seen.Add(name)) faults.Add(Twice(name));
            else if (!byName.TryGetValue(name, out var field)) faults.Add(Unknown(name));
            else if (property.Value.ValueKind == JsonValueKind.Null && !field.IsRequired && !field.TakesNull) continue;
            else if (field.Read(property.Value, faults) is { } value) values.Set(field, value, property.Value);
        }

        foreach (var field in fields)
            if (field.IsRequired && !field.Info.ModelsWaive && !seen.Contains(field.Name))
                faults.Add(field, $"{field.Name} is required.", null);
        return values;
    }

    private void ReadFile(SentFile file, HashSet<string> seen, FieldValues values, FaultList faults)
    {
        if (!seen.Add(file.Name)) faults.Add(Twice(file.Name));
        else if (!byName.TryGetValue(file.Name, out var field)) faults.Add(Unknown(file.Name));
        else if (field is not PictureField picture) faults.Add(field, $"{field.Name} must be a part with text, not a file.", null);
        else if (picture.ReadPart(file, faults) is { } value) values.Set(field, value, default);
    }

    private static Fault Twice(string name) => new(Shown(name), "This field is given twice.", null, "once");

    private Fault Unknown(string name) => refused.TryGetValue(name, out var reason)
        ? new(name, reason)
        : new(Shown(name), $"There is no such field.{Suggestion.Sentence(name, byName.Keys)}");

    private static string Shown(string name) => name.Length <= 64 ? name : name[..63] + "…";
}

using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Reads an object whose parts are fields of their own. A part that may be left out may be null as well.</summary>
/// <param name="limit">What is allowed of the whole, in words.</param>
/// <param name="types">The parts by name.</param>
/// <param name="required">Those that have to be there.</param>
internal sealed class ObjectParts(string limit, IReadOnlyDictionary<string, FieldType> types, params IReadOnlyList<string> required)
{
    private const int ShownName = 64;

    /// <param name="name">The object's, with which the names of its parts begin.</param>
    /// <param name="json">An object.</param>
    /// <param name="faults">Takes what is wrong with it, all of it.</param>
    /// <returns>The parts that are there, by name; null where one is wrong.</returns>
    public IReadOnlyDictionary<string, object?> Read(string name, JsonElement json, List<FieldFault> faults)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in json.EnumerateObject())
        {
            string part = JsonText.NameOf(property), path = $"{name}.{part}";
            if (types.GetValueOrDefault(part) is not { } type)
                faults.Add(new(name, $"has no such field as '{Shown(part)}'", limit, FieldFaultKind.Other));
            else if (!seen.Add(part)) faults.Add(new(path, "is given twice", "once", FieldFaultKind.Other));
            else if (property.Value.ValueKind != JsonValueKind.Null || required.Contains(part))
            {
                var reading = type.Read(path, property.Value);
                faults.AddRange(reading.Faults);
                values[part] = reading.Value;
            }
        }
        foreach (string part in required)
            if (!seen.Contains(part)) faults.Add(new($"{name}.{part}", "is required", types[part].Limit, FieldFaultKind.Other));
        return values;
    }

    private static string Shown(string part) => part.Length <= ShownName ? part : part[..(ShownName - 1)] + "…";
}

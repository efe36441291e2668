using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Reads a list of objects whose parts are fields of their own.</summary>
/// <param name="maxCount">Objects at most.</param>
/// <param name="limit">What is allowed, in words.</param>
/// <param name="types">The parts by name; <c>id</c> is required of every object.</param>
internal sealed class ObjectList(int maxCount, string limit, IReadOnlyDictionary<string, FieldType> types)
{
    public const string Id = "id";

    private readonly ObjectParts parts = new(limit, types, Id);

    /// <summary>A list of what <paramref name="make"/> makes of each object's parts, null where one is absent.</summary>
    /// <param name="name">The field's.</param>
    /// <param name="json">An array.</param>
    /// <param name="make">Is given a part's value by its name.</param>
    public FieldReading Read<T>(string name, JsonElement json, Func<Func<string, object?>, T> make)
    {
        if (json.GetArrayLength() > maxCount) return new FieldFault(name, $"must have at most {maxCount} entries", limit, FieldFaultKind.Other);
        var faults = new List<FieldFault>();
        var made = new List<T>();
        foreach (var (index, entry) in json.EnumerateArray().Index())
        {
            if (entry.ValueKind == JsonValueKind.Object) made.Add(make(One($"{name}.{index}", entry, faults)));
            else faults.Add(new($"{name}.{index}", "must be an object", limit, FieldFaultKind.Other));
        }
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(made);
    }

    private Func<string, object?> One(string name, JsonElement entry, List<FieldFault> faults)
    {
        var values = parts.Read(name, entry, faults);
        if (values.GetValueOrDefault(Id) is "") faults.Add(new($"{name}.{Id}", "is required", types[Id].Limit, FieldFaultKind.Other));
        return part => part == Id ? values.GetValueOrDefault(Id) ?? "" : values.GetValueOrDefault(part);
    }
}

using System.Globalization;
using System.Text.Json;
using Darkroom.Models.Fields;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>
/// The values of an object as AUTOMATIC1111's API takes them: null is absent, and a text that says a number or a truth value is one. What is wrong is a fault
/// under the name that was sent, and absent.
/// </summary>
/// <param name="json">The object.</param>
/// <param name="faults">Takes what is wrong.</param>
/// <param name="prefix">Before the names in faults.</param>
internal sealed class SentValues(JsonElement json, FaultList faults, string prefix = "")
{
    public FaultList Faults => faults;

    public JsonElement Json => json;

    /// <summary>The value; null where it is absent or null.</summary>
    public JsonElement? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public bool IsGiven(string name) => Find(name) is not null;

    public string? Text(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String) return JsonText.Of(value);
        Refuse(name, "must be a text", value);
        return null;
    }

    public double? Number(string name, double min = double.NegativeInfinity, double max = double.PositiveInfinity)
    {
        if (Find(name) is not { } value) return null;
        if (NumberOf(value) is { } number && number >= min && number <= max) return number;
        Refuse(name, "must be a number", value, Limit(min, max));
        return null;
    }

    public long? Whole(string name, long min = long.MinValue, long max = long.MaxValue)
    {
        if (Find(name) is not { } value) return null;
        if (NumberOf(value) is { } number && number == Math.Floor(number) && number >= min && number <= max) return (long)number;
        Refuse(name, "must be a whole number", value, Limit(min, max));
        return null;
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Number when value.TryGetInt32(out int number) && number is 0 or 1: return value.GetInt32() == 1;
            case JsonValueKind.String when bool.TryParse(JsonText.Of(value), out bool said): return said;
        }
        Refuse(name, "must be true or false", value);
        return null;
    }

    public IReadOnlyList<JsonElement> List(string name)
    {
        if (Find(name) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array) return [.. value.EnumerateArray()];
        Refuse(name, "must be a list", value);
        return [];
    }

    public SentValues? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Object) return new(value, faults, $"{prefix}{name}.");
        Refuse(name, "must be an object", value);
        return null;
    }

    /// <summary>Adds a fault under the name that was sent.</summary>
    public void Refuse(string name, string predicate, JsonElement? given = null, string? limit = null) =>
        faults.Add(new Fault(prefix + name, $"{prefix}{name} {predicate}.", given is { } value ? GivenValue.Shorten(value) : null, limit));

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.String when double.TryParse(JsonText.Of(value), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number) => number,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };

    private static string? Limit(double min, double max) => (double.IsFinite(min), double.IsFinite(max)) switch
    {
        (true, true) => string.Create(CultureInfo.InvariantCulture, $"{min}…{max}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"at least {min}"),
        _ => null,
    };
}

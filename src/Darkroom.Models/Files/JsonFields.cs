using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Files;

/// <summary>Typed reading of a JSON object: an absent or null field is null, a wrong one is null too and becomes a fault that names it.</summary>
/// <param name="json">The object.</param>
/// <param name="file">The file it stands in, relative to the model's folder.</param>
/// <param name="prefix">What stands before a field's name in a fault: <c>defaults.</c></param>
internal sealed class JsonFields(JsonElement json, string file, string prefix, FaultList faults)
{
    public JsonElement Json => json;

    public IEnumerable<string> Names => json.EnumerateObject().Select(entry => entry.Name);

    public bool Has(string name) => Find(name) is not null;

    public void Fault(string name, string reason) => faults.Add(file, $"{prefix}{name}: {reason}");

    public string? Text(string name, int maxLength = 4096)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.String) return Wrong<string>(name, "a text", value);
        string text = value.GetString()!;
        if (text.Length <= maxLength) return text;
        Fault(name, $"is {text.Length} characters long, at most {maxLength} are allowed");
        return null;
    }

    /// <summary>One of a list of words.</summary>
    public string? Word(string name, params IReadOnlyCollection<string> known)
    {
        if (Text(name) is not { } text) return null;
        if (known.Contains(text)) return text;
        Fault(name, $"'{Short(text)}' is unknown; known are {string.Join(", ", known)}");
        return null;
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string>? Words(string name, int maxLength)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String || item.GetString()!.Length > maxLength))
            return Wrong<IReadOnlyList<string>>(name, "a list of texts", value);
        return [.. value.EnumerateArray().Select(item => item.GetString()!)];
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => WrongValue<bool>(name, "true or false", value),
        };
    }

    public int? Integer(string name, int min = int.MinValue, int max = int.MaxValue) => (int?)Long(name, min, max);

    public long? Long(string name, long min, long max)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number) return WrongValue<long>(name, "a whole number", value);
        if (!value.TryGetDouble(out double number) || number != Math.Floor(number)) return WrongValue<long>(name, "a whole number", value);
        if (!InRange(name, value, number, min, max)) return null;
        return value.TryGetInt64(out long exact) ? exact : (long)number;
    }

    public double? Number(string name, double min = double.MinValue, double max = double.MaxValue)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
            return WrongValue<double>(name, "a number", value);
        return InRange(name, value, number, min, max) ? number : null;
    }

    /// <summary>A list of whole numbers from 1 on; a single number counts as a list of one.</summary>
    public IReadOnlyList<int>? Sizes(string name, int max)
    {
        if (Find(name) is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number) return Integer(name, 1, max) is { } one ? [one] : null;
        const string Expected = "a list of whole numbers";
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0) return Wrong<IReadOnlyList<int>>(name, Expected, value);
        var sizes = new List<int>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out int size)) return Wrong<IReadOnlyList<int>>(name, Expected, value);
            if (!InRange(name, item, size, 1, max)) return null;
            sizes.Add(size);
        }
        return sizes;
    }

    /// <summary>A nested object, whose faults carry its name before theirs.</summary>
    public JsonFields? Object(string name)
    {
        if (Find(name) is not { } value) return null;
        return value.ValueKind == JsonValueKind.Object
            ? new JsonFields(value, file, $"{prefix}{name}.", faults)
            : Wrong<JsonFields>(name, "an object", value);
    }

    /// <summary>The field's value; null where it is absent or JSON's null. Of a key written twice, the last.</summary>
    public JsonElement? Find(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A value as faults show it: short, and never a whole file.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        JsonValueKind.String => $"the text \"{Short(value.GetString()!)}\"",
        _ => Short(value.GetRawText()),
    };

    private bool InRange(string name, JsonElement value, double number, double min, double max)
    {
        if (number >= min && number <= max) return true;
        string limit = number > max ? $"above {Plain(max)}" : $"below {Plain(min)}";
        Fault(name, $"{Short(value.GetRawText())} is {limit}");
        return false;
    }

    private T? Wrong<T>(string name, string expected, JsonElement value) where T : class
    {
        Fault(name, $"expected {expected}, found {Describe(value)}");
        return null;
    }

    private T? WrongValue<T>(string name, string expected, JsonElement value) where T : struct
    {
        Fault(name, $"expected {expected}, found {Describe(value)}");
        return null;
    }

    private static string Plain(double limit) => limit == Math.Floor(limit) && Math.Abs(limit) < 1e18
        ? ((long)limit).ToString(CultureInfo.InvariantCulture)
        : limit.ToString(CultureInfo.InvariantCulture);

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}

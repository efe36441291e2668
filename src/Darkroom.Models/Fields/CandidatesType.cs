using System.Globalization;
using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>What a picture is held against: different texts, or numbers of classes. Read as a list of texts, a number by its digits.</summary>
public sealed class CandidatesType : FieldType
{
    public const int MinCount = 2, MaxCount = 64;

    public override string Kind => "an array";

    public override string Limit => $"{MinCount}…{MaxCount} different texts of 1…{MaxCharacters} characters, or numbers of classes";

    /// <summary>Characters of one text.</summary>
    public const int MaxCharacters = 1000;

    public override FieldReading Read(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return WrongType(name);
        int count = json.GetArrayLength();
        if (count is < MinCount or > MaxCount)
            return new FieldFault(name, $"has {count} entries and must have {MinCount}…{MaxCount}", Limit, FieldFaultKind.Other);
        var faults = new List<FieldFault>();
        var candidates = new List<string>();
        foreach (var (index, one) in json.EnumerateArray().Index())
        {
            string? candidate = one.ValueKind switch
            {
                JsonValueKind.String => JsonText.Of(one),
                JsonValueKind.Number when one.TryGetInt32(out int number) && number >= 0 => number.ToString(CultureInfo.InvariantCulture),
                _ => null,
            };
            string part = $"{name}.{index}";
            if (candidate is null) faults.Add(new(part, "must be a text or the number of a class", Limit, FieldFaultKind.WrongType));
            else if (candidate.Length is 0 or > MaxCharacters) faults.Add(new(part, $"must have 1…{MaxCharacters} characters", Limit, FieldFaultKind.Other));
            else if (candidate.Contains('\0', StringComparison.Ordinal)) faults.Add(new(part, "must not contain NUL", Limit, FieldFaultKind.Other));
            else if (candidates.Contains(candidate)) faults.Add(new(part, "stands there twice", Limit, FieldFaultKind.Other));
            else candidates.Add(candidate);
        }
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(candidates.ToArray());
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStartArray();
        foreach (string candidate in (IReadOnlyList<string>)value) writer.WriteStringValue(candidate);
        writer.WriteEndArray();
    }
}

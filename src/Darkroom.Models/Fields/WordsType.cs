using System.Text.Json;

namespace Darkroom.Models.Fields;

/// <summary>Words of the prompt: true for all of them, or a list of words and phrases. Read as <see cref="WordChoice"/>.</summary>
public sealed class WordsType : FieldType
{
    /// <summary>Words of a request at most: each is a picture of its own.</summary>
    public const int MaxCount = 32;

    public const int MaxLength = 100;

    public override string Kind => "true, false or a list of words";

    public override string Limit => $"true, false, or 1 to {MaxCount} words or phrases of the prompt, each of 1 to {MaxLength} characters";

    public override FieldReading Read(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => FieldReading.Of(new WordChoice(true, [])),
        JsonValueKind.False => FieldReading.Of(new WordChoice(false, [])),
        JsonValueKind.Array => OfList(name, json),
        _ => WrongType(name),
    };

    public override void Write(Utf8JsonWriter writer, object value)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (value is not WordChoice { Words: { Count: > 0 } words })
        {
            writer.WriteBooleanValue(value is WordChoice { All: true });
            return;
        }
        writer.WriteStartArray();
        foreach (string word in words) writer.WriteStringValue(word);
        writer.WriteEndArray();
    }

    private FieldReading OfList(string name, JsonElement json)
    {
        if (json.GetArrayLength() is 0 or > MaxCount) return NotAllowed(name);
        var words = new List<string>();
        var faults = new List<FieldFault>();
        foreach (var (index, entry) in json.EnumerateArray().Index())
        {
            string part = $"{name}.{index}";
            if (entry.ValueKind != JsonValueKind.String) faults.Add(new(part, "must be a text", Limit, FieldFaultKind.Other));
            else if (JsonText.Of(entry) is { Length: > 0 and <= MaxLength } word) words.Add(word);
            else faults.Add(new(part, $"must have 1 to {MaxLength} characters", Limit, FieldFaultKind.Other));
        }
        return faults.Count > 0 ? new(null, faults) : FieldReading.Of(new WordChoice(false, words));
    }
}

/// <summary>Which words of a prompt.</summary>
/// <param name="All">Every one.</param>
/// <param name="Words">These; none where <paramref name="All"/> says which.</param>
public sealed record WordChoice(bool All, IReadOnlyList<string> Words);

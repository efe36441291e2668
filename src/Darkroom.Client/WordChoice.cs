using System.Text.Json;
using System.Text.Json.Serialization;

namespace Darkroom.Client;

/// <summary>Words of a prompt whose place in the picture is shown.</summary>
[JsonConverter(typeof(WordChoiceConverter))]
public sealed class WordChoice
{
    private WordChoice(IReadOnlyList<string>? words) => Words = words;

    /// <summary>Every word.</summary>
    public static WordChoice All { get; } = new(null);

    /// <summary>Words and phrases of the prompt, 1…32 of them; null: every word.</summary>
    public IReadOnlyList<string>? Words { get; }

    /// <summary>These words and phrases.</summary>
    public static WordChoice Of(params IReadOnlyList<string> words) => new(words);

    /// <summary>A word or a phrase.</summary>
    public static implicit operator WordChoice(string word) => new([word]);

    /// <summary>The words, or <c>true</c> for all.</summary>
    public override string ToString() => Words is null ? "true" : string.Join(", ", Words);
}

internal sealed class WordChoiceConverter : JsonConverter<WordChoice>
{
    public override WordChoice? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.ValueKind switch
        {
            JsonValueKind.True => WordChoice.All,
            JsonValueKind.Array => WordChoice.Of([.. json.RootElement.EnumerateArray().Select(word => word.ToString())]),
            _ => null, // none
        };
    }

    public override void Write(Utf8JsonWriter writer, WordChoice value, JsonSerializerOptions options)
    {
        if (value.Words is not { } words)
        {
            writer.WriteBooleanValue(true);
            return;
        }
        writer.WriteStartArray();
        foreach (string word in words) writer.WriteStringValue(word);
        writer.WriteEndArray();
    }
}

using System.Text.Json;
using Darkroom.Models.Files;

namespace Darkroom.Models.Text;

/// <summary>
/// The special tokens as transformers finds them. Folders from before 2023 have no <c>added_tokens_decoder</c> in the configuration; there
/// <c>special_tokens_map.json</c> overrides it, which is how some models come to pad with <c>!</c>.
/// </summary>
internal sealed record ClipSpecialTokens(string Start, string End, string Pad, string Unknown, IReadOnlyList<string> Others)
{
    private const string EndOfText = "<|endoftext|>";

    public static ClipSpecialTokens Read(JsonFields? config, JsonFields? map)
    {
        if (config?.Find("added_tokens_decoder") is { ValueKind: JsonValueKind.Object }) map = null;
        return new(
            Token("bos_token") ?? "<|startoftext|>",
            Token("eos_token") ?? EndOfText,
            Token("pad_token") ?? EndOfText,
            Token("unk_token") ?? EndOfText,
            [.. Added(config)]);

        string? Token(string name) => Content(map?.Find(name)) ?? Content(config?.Find(name));
    }

    /// <summary>A token is written as its text, or as an object with it as <c>content</c>.</summary>
    private static string? Content(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } token when token.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String =>
            content.GetString(),
        _ => null,
    };

    private static IEnumerable<string> Added(JsonFields? config) =>
        config?.Find("added_tokens_decoder") is { ValueKind: JsonValueKind.Object } added
            ? added.EnumerateObject().Select(token => Content(token.Value)).OfType<string>()
            : [];
}

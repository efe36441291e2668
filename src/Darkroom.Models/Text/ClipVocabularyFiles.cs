using System.Text.Json;
using Darkroom.Models.Files;

namespace Darkroom.Models.Text;

/// <summary>
/// Reads a tokenizer folder in Hugging Face's layout: <c>vocab.json</c> and <c>merges.txt</c>, or, where there is no <c>vocab.json</c>, both out of
/// <c>tokenizer.json</c>; with <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> where they exist. Configurations that ship have the vocabulary
/// that ships.
/// </summary>
internal static class ClipVocabularyFiles
{
    public const string Vocabulary = "vocab.json", MergeList = "merges.txt", Whole = "tokenizer.json";
    public const string Config = "tokenizer_config.json", SpecialTokens = "special_tokens_map.json";

    // Ids index the text encoder's embedding table; the largest published vocabulary of this kind has 49,408.
    private const int MaxId = (1 << BytePairEncoding.IdBits) - 1;

    /// <summary>Null where a fault was added.</summary>
    public static ClipVocabulary? Read(string folder, FaultList faults)
    {
        bool shipped = PublishedConfigs.Contains(folder);
        bool whole = !shipped && !File.Exists(Path.Combine(folder, Vocabulary)) && File.Exists(Path.Combine(folder, Whole));
        var model = whole ? JsonFile.Read(folder, Whole, faults)?.Object("model") : null;
        var tokens = shipped ? null : whole ? model?.Object("vocab") : JsonFile.Read(folder, Vocabulary, faults);
        var vocabulary = shipped ? ShippedClipVocabulary.ReadTokens() : tokens is null ? null : ReadTokens(tokens, faults, whole ? Whole : Vocabulary);
        var merges = whole ? ReadMerges(model, faults)
            : shipped ? ReadMergeLines(ShippedClipVocabulary.ReadMergeLines(), faults)
            : ReadMergeFile(folder, faults);
        var config = JsonFile.Read(folder, Config, faults, required: false);
        var special = ClipSpecialTokens.Read(config, JsonFile.Read(folder, SpecialTokens, faults, required: false));
        if (whole && vocabulary is null && !faults.Any) faults.Add(Whole, "model.vocab is missing");
        if (vocabulary is null || merges is null || faults.Any) return null;
        return new(vocabulary, merges, special.Start, special.End, special.Pad, special.Unknown, special.Others, MaxLength(config));
    }

    /// <summary>
    /// <c>model_max_length</c>; null where it is absent or the huge number that the library writes for "no limit".
    /// </summary>
    public static int? MaxLength(JsonFields? config) =>
        config?.Find("model_max_length") is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out double length) && length is >= 3 and <= 1 << 20
            ? (int)length
            : null;

    private static Dictionary<string, int>? ReadTokens(JsonFields fields, FaultList faults, string file)
    {
        var tokens = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var token in fields.Json.EnumerateObject())
        {
            if (token.Value.ValueKind == JsonValueKind.Number && token.Value.TryGetInt32(out int id) && id is >= 0 and <= MaxId)
            {
                tokens[token.Name] = id;
                continue;
            }
            faults.Add(file, $"the id of token '{token.Name}' is {JsonFields.Describe(token.Value)}, expected a whole number from 0 on");
            return null;
        }
        return tokens;
    }

    private static List<(string, string)>? ReadMergeFile(string folder, FaultList faults)
    {
        string path = Path.Combine(folder, MergeList);
        string? fault = FileFault.Of(path) ?? (new FileInfo(path).Length > JsonFile.MaxBytes ? "is too long" : null);
        if (fault is not null)
        {
            faults.Add(MergeList, fault);
            return null;
        }
        return ReadMergeLines(File.ReadLines(path), faults);
    }

    private static List<(string, string)>? ReadMergeLines(IEnumerable<string> lines, FaultList faults)
    {
        var merges = new List<(string, string)>();
        int line = 0;
        foreach (string text in lines)
        {
            line++;
            if (text.Length == 0 || text.StartsWith("#version", StringComparison.Ordinal)) continue;
            if (Split(text) is not { } merge)
            {
                faults.Add(MergeList, $"line {line}: expected two tokens with one blank between");
                return null;
            }
            merges.Add(merge);
        }
        return merges;
    }

    /// <summary>Merges of <c>tokenizer.json</c>: <c>"a b"</c>, or <c>["a", "b"]</c> since 2024.</summary>
    private static List<(string, string)>? ReadMerges(JsonFields? model, FaultList faults)
    {
        if (model?.Find("merges") is not { ValueKind: JsonValueKind.Array } list)
        {
            faults.Add(Whole, "model.merges: expected a list");
            return null;
        }
        var merges = new List<(string, string)>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            (string, string)? merge = item.ValueKind switch
            {
                JsonValueKind.String => Split(item.GetString()!),
                JsonValueKind.Array when item.GetArrayLength() == 2 && item.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) =>
                    (item[0].GetString()!, item[1].GetString()!),
                _ => null,
            };
            if (merge is not { } pair)
            {
                faults.Add(Whole, $"model.merges: entry {merges.Count} is not a pair of tokens");
                return null;
            }
            merges.Add(pair);
        }
        return merges;
    }

    private static (string, string)? Split(string text) =>
        text.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right] ? (left, right) : null;
}

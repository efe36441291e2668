using System.Text.Json;
using Darkroom.Models.Files;

namespace Darkroom.Models.Text;

/// <summary>
/// Reads a T5 tokenizer's folder in Hugging Face's layout: <c>tokenizer.json</c>, or where there is none <c>spiece.model</c>; with
/// <c>tokenizer_config.json</c> where it exists.
/// </summary>
internal static class T5VocabularyFiles
{
    public const string Whole = "tokenizer.json", Model = "spiece.model";

    // Ids index the text encoder's embedding table; the largest published vocabulary of this kind (mT5) has 250,112.
    private const int MaxPieces = 1 << 20;

    /// <summary>Null where a fault was added.</summary>
    public static T5Vocabulary? Read(string folder, FaultList faults)
    {
        var config = JsonFile.Read(folder, ClipVocabularyFiles.Config, faults, required: false);
        int? length = ClipVocabularyFiles.MaxLength(config);
        try
        {
            if (File.Exists(Path.Combine(folder, Whole)))
                return JsonFile.Read(folder, Whole, faults) is { } fields ? Read(fields, length) : null;
            if (FileFault.Of(Path.Combine(folder, Model)) is not { } fault) return SentencePieceFile.Read(Path.Combine(folder, Model), length);
            faults.Add(Model, fault);
        }
        catch (InvalidDataException error)
        {
            faults.Add(File.Exists(Path.Combine(folder, Whole)) ? Whole : Model, error.Message);
        }
        return null;
    }

    /// <summary>The tables of <c>tokenizer.json</c>. How it cuts words is not read: that is the same for every T5 (<see cref="T5Tokenizer"/>).</summary>
    /// <exception cref="InvalidDataException">They are none.</exception>
    private static T5Vocabulary Read(JsonFields fields, int? length)
    {
        if (fields.Find("model") is not { ValueKind: JsonValueKind.Object } model) throw new InvalidDataException("model is missing");
        if (Find(model, "type") is { ValueKind: JsonValueKind.String } type && type.GetString() != "Unigram")
            throw new InvalidDataException($"model.type is '{type.GetString()}' where Unigram is expected");
        if (Find(model, "vocab") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MaxPieces)
            throw new InvalidDataException("model.vocab: expected a list of pieces");
        var pieces = new Dictionary<string, int>(StringComparer.Ordinal);
        var scores = new List<double>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() != 2 || item[0].ValueKind != JsonValueKind.String
                || item[1].ValueKind != JsonValueKind.Number || !item[1].TryGetDouble(out double score))
                throw new InvalidDataException($"model.vocab: entry {scores.Count} is not a piece with its score");
            pieces[item[0].GetString()!] = scores.Count;
            scores.Add(score);
        }
        if (Find(model, "unk_id") is not { ValueKind: JsonValueKind.Number } unknown || !unknown.TryGetInt32(out int id) || id < 0 || id >= scores.Count)
            throw new InvalidDataException("model.unk_id: expected the id of a piece");
        return new(pieces, scores, id, Special(fields), Characters(fields.Find("normalizer")), length);
    }

    private static Dictionary<string, int> Special(JsonFields fields)
    {
        var special = new Dictionary<string, int>(StringComparer.Ordinal);
        if (fields.Find("added_tokens") is not { ValueKind: JsonValueKind.Array } tokens) return special;
        foreach (var token in tokens.EnumerateArray().Where(token => token.ValueKind == JsonValueKind.Object))
            if (Find(token, "content") is { ValueKind: JsonValueKind.String } content && content.GetString() is { Length: > 0 } text
                && Find(token, "id") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int id) && id is >= 0 and < MaxPieces)
                special[text] = id;
        return special;
    }

    /// <summary>The table of characters, wherever it stands among what is done to a text.</summary>
    private static PrecompiledCharacters? Characters(JsonElement? normalizer)
    {
        if (normalizer is not { ValueKind: JsonValueKind.Object } found) return null;
        if (Find(found, "precompiled_charsmap") is { ValueKind: JsonValueKind.String } table)
            return table.TryGetBytesFromBase64(out byte[]? bytes) ? new PrecompiledCharacters(bytes)
                : throw new InvalidDataException("its table of characters is not base64");
        return Find(found, "normalizers") is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(one => Characters(one)).FirstOrDefault(one => one is not null)
            : null;
    }

    private static JsonElement? Find(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value : null;
}

namespace Darkroom.Models.Text;

/// <summary>What the files of a tokenizer folder say.</summary>
/// <param name="Tokens">Token text to id; byte-level, <c>&lt;/w&gt;</c> at the end of a word.</param>
/// <param name="Merges">Pairs in order of rank: left token, right token.</param>
/// <param name="Start">Text of the token before every prompt.</param>
/// <param name="End">Text of the token behind it.</param>
/// <param name="Pad">Text of the token that fills up.</param>
/// <param name="Unknown">Text of the token for a byte that the vocabulary lacks.</param>
/// <param name="Special">Further texts that are one token wherever they stand in a prompt.</param>
/// <param name="MaxLength">Tokens of a prompt with start and end; null where the files do not say.</param>
internal sealed record ClipVocabulary(
    IReadOnlyDictionary<string, int> Tokens,
    IReadOnlyList<(string Left, string Right)> Merges,
    string Start,
    string End,
    string Pad,
    string Unknown,
    IReadOnlyList<string> Special,
    int? MaxLength);

namespace Darkroom.Models.Text;

/// <summary>What the files of a T5 tokenizer's folder say.</summary>
/// <param name="Pieces">Text to id.</param>
/// <param name="Scores">Log probabilities, by id.</param>
/// <param name="UnknownId">Of the token for what no piece covers.</param>
/// <param name="Special">Texts that are one token wherever they stand in a prompt.</param>
/// <param name="Characters">SentencePiece's table of characters; null: the text stays as it is.</param>
/// <param name="MaxLength">Tokens of a prompt with the end; null where the files do not say.</param>
internal sealed record T5Vocabulary(
    IReadOnlyDictionary<string, int> Pieces,
    IReadOnlyList<double> Scores,
    int UnknownId,
    IReadOnlyDictionary<string, int> Special,
    PrecompiledCharacters? Characters,
    int? MaxLength);

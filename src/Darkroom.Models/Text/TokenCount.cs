namespace Darkroom.Models.Text;

/// <summary>What became of a text that was written into a fixed number of tokens.</summary>
/// <param name="Tokens">Tokens before the padding: start, text, end.</param>
/// <param name="Cut">Whether text was dropped at the end because it did not fit.</param>
public readonly record struct TokenCount(int Tokens, bool Cut);

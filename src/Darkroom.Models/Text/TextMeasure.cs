namespace Darkroom.Models.Text;

/// <summary>How long a text is for one of a model's text encoders.</summary>
/// <param name="Tokens">Of the text itself: without the marks of its start and end and without padding.</param>
/// <param name="ChunkTokens">Those that one chunk has room for.</param>
/// <param name="Chunks">Chunks that the text fills, at least 1.</param>
/// <param name="Dropped">What did not fit, as text; null where all of it did.</param>
public sealed record TextMeasure(int Tokens, int ChunkTokens, int Chunks, string? Dropped);

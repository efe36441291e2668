namespace Darkroom.Client.Catalog;

/// <summary>How prompts are read, without a picture being made.</summary>
/// <param name="Model">The model whose tokenizers count.</param>
/// <param name="PromptStyle">The grammar that they are read by.</param>
/// <param name="Steps">Steps that schedules within the prompts are taken of.</param>
/// <param name="Prompt">The prompt; null where none was given.</param>
/// <param name="NegativePrompt">The negative prompt; null where none was given.</param>
public sealed record TokenReport(string Model, PromptStyle PromptStyle, int Steps, PromptReading? Prompt, PromptReading? NegativePrompt);

/// <summary>One text as it is read.</summary>
public sealed record PromptReading
{
    /// <summary>Its length for each of the model's text encoders; null while the model is not opened in the process that answers.</summary>
    public IReadOnlyList<EncoderTokens>? Encoders { get; init; }

    /// <summary>What <c>AND</c> joins; one where the word does not stand in it.</summary>
    public required IReadOnlyList<PromptPart> Parts { get; init; }

    /// <summary>Tags for LoRAs as they stand, such as <c>name:0.8</c>. They are no part of the text.</summary>
    public required IReadOnlyList<string> Loras { get; init; }
}

/// <summary>A text's length for a text encoder.</summary>
/// <param name="Tokens">Of the text at the steps where it is longest, marks and padding left out.</param>
/// <param name="ChunkTokens">Tokens that one chunk has room for.</param>
/// <param name="Chunks">Chunks that the text fills, at least 1.</param>
/// <param name="Dropped">What does not fit and is not read; null where all of it fits.</param>
public sealed record EncoderTokens(int Tokens, int ChunkTokens, int Chunks, string? Dropped);

/// <summary>What stands between two <c>AND</c>.</summary>
/// <param name="Weight">Its share of the guidance.</param>
/// <param name="Ranges">What it says, by rising last step.</param>
public sealed record PromptPart(double Weight, IReadOnlyList<PromptRange> Ranges);

/// <summary>What some of the steps read.</summary>
/// <param name="LastStep">The last step that reads it, counted from 1.</param>
/// <param name="Pieces">In order.</param>
public sealed record PromptRange(int LastStep, IReadOnlyList<PromptPiece> Pieces);

/// <summary>A text of one weight.</summary>
/// <param name="Text">Without brackets and escapes.</param>
/// <param name="Weight">1: as the network was trained.</param>
/// <param name="EndsChunk">Whether it is the word <c>BREAK</c>, which ends a chunk and is no text.</param>
public sealed record PromptPiece(string Text, double Weight, bool EndsChunk);

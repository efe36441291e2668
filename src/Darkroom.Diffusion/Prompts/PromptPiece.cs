namespace Darkroom.Diffusion.Prompts;

/// <summary>A run of a prompt with one weight.</summary>
/// <param name="Text">Without brackets and escapes.</param>
/// <param name="Weight">1: as the network was trained. May be 0 or negative.</param>
public readonly record struct PromptPiece(string Text, double Weight)
{
    /// <summary>The mark that ends a chunk.</summary>
    public static PromptPiece Break { get; } = new("BREAK", -1);

    /// <summary>Whether this is the mark. Its weight was scaled with its neighbours where it stood in brackets: then it is the word, as in A1111.</summary>
    public bool IsBreak => this == Break;
}

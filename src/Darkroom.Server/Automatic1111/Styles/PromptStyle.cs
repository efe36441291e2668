namespace Darkroom.Server.Automatic1111.Styles;

/// <summary>Texts under a name, which a request has put to its prompts.</summary>
/// <param name="Name">As requests call it, in this case.</param>
/// <param name="Prompt">May have <c>{prompt}</c> in it, for the prompt of the request; may be empty.</param>
/// <param name="NegativePrompt">The same of the negative prompt.</param>
internal sealed record PromptStyle(string Name, string Prompt, string NegativePrompt)
{
    /// <summary>Of a prompt with its styles. The core allows less, and says how much.</summary>
    public const int MaxLength = 64 * 1024;

    private const string Place = "{prompt}";

    /// <summary>A prompt with a style's text: in the place that the text has for it, else before the text.</summary>
    /// <param name="style">The text.</param>
    /// <param name="prompt">As it is with the styles before.</param>
    /// <returns>Null where it would be longer than <see cref="MaxLength"/>.</returns>
    public static string? Merge(string style, string prompt)
    {
        long places = style.AsSpan().Count(Place);
        if (style.Length + prompt.Length + 2 + places * prompt.Length > MaxLength) return null;
        if (places > 0) return style.Replace(Place, prompt, StringComparison.Ordinal);
        return string.Join(", ", ((string[])[prompt.Trim(), style.Trim()]).Where(part => part.Length > 0));
    }
}

namespace Darkroom.Imaging.Metadata;

/// <summary>What a parameters text says.</summary>
/// <param name="Prompt">Lines apart by line feeds; empty where there is none.</param>
/// <param name="NegativePrompt">The same.</param>
/// <param name="Fields">In the order of the text; of two with one name the later value. Values are as written: <c>Size</c> is still "512x768".</param>
public sealed record ParsedParameters(string Prompt, string NegativePrompt, IReadOnlyDictionary<string, string> Fields)
{
    public static readonly ParsedParameters None = new("", "", new Dictionary<string, string>());

    /// <summary>The text that says it.</summary>
    public override string ToString() => ParametersText.Write(Prompt, NegativePrompt, Fields);
}

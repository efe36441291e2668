using System.Text.Json;
using Darkroom.Models.Fields;
using Darkroom.Server.Automatic1111.Styles;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>
/// The styles of a request, applied to its prompts one after the other. Names that are none are left out, as AUTOMATIC1111 leaves them out, and told.
/// </summary>
/// <param name="Names">As sent.</param>
/// <param name="Found">Those there are.</param>
internal sealed record StyleValues(IReadOnlyList<string> Names, IReadOnlyList<PromptStyle> Found)
{
    private const int MaxNames = 100, MaxTold = 20;
    private const string None = "None"; // what AUTOMATIC1111's page says where none is chosen

    public static StyleValues Of(SentValues values, StyleBook book, List<string> notes)
    {
        var sent = values.List("styles");
        if (sent.Count > MaxNames)
        {
            values.Refuse("styles", $"has {sent.Count} names", null, $"at most {MaxNames}");
            return new([], []);
        }
        foreach (var wrong in sent.Where(one => one.ValueKind != JsonValueKind.String).Take(1)) values.Refuse("styles", "must be a list of names", wrong);
        string[] names = [.. sent.Where(one => one.ValueKind == JsonValueKind.String).Select(JsonText.Of)];
        if (names.Length == 0) return new([], []);
        var all = book.Current();
        notes.AddRange(names.Where(name => name != None && all.Find(name) is null).Distinct().Take(MaxTold).Select(name =>
            $"styles: there is no style '{(name.Length <= 64 ? name : name[..63] + "…")}' here, and it was left out."
            + (all.Fault is { } fault ? $" {fault}" : "")));
        return new(names, [.. names.Select(all.Find).OfType<PromptStyle>()]);
    }

    /// <summary>A prompt with the styles' texts.</summary>
    public string Prompt(string prompt, SentValues values) => Apply(prompt, static style => style.Prompt, values);

    /// <summary>A negative prompt with the styles' texts.</summary>
    public string Negative(string prompt, SentValues values) => Apply(prompt, static style => style.NegativePrompt, values);

    private string Apply(string prompt, Func<PromptStyle, string> textOf, SentValues values)
    {
        foreach (var style in Found)
        {
            if (PromptStyle.Merge(textOf(style), prompt) is not { } merged)
            {
                values.Refuse("styles", "make a prompt too long", null, $"at most {PromptStyle.MaxLength} characters");
                break;
            }
            prompt = merged;
        }
        return prompt;
    }
}

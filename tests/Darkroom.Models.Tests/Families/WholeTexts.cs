using Darkroom.Models.Families;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Families;

/// <summary>Texts from words to conditioning, as rows of the engine do it call by call.</summary>
internal static class WholeTexts
{
    public static TokenizedText Tokenize(this IDiffusionModel model, string text, TextReading reading = TextReading.Plain) =>
        model.Tokenize([new PromptText(text)], reading)[0];

    public static IReadOnlyList<Conditioning> Encode(this IDiffusionModel model, IReadOnlyList<TokenizedText> texts, RunWidth width = RunWidth.Wide)
    {
        var answers = model.TextEncoders.Select((encoder, i) => encoder.Encode([.. texts.Select(text => text.Encoders[i])], width)).ToArray();
        return [.. texts.Select((text, row) => model.Condition(text, [.. answers.Select(answer => answer[row])]))];
    }
}

using Darkroom.Models.Families;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Benchmarks;

/// <summary>A text from words to conditioning.</summary>
internal static class WholeText
{
    public static Conditioning Encode(IDiffusionModel model, string text)
    {
        var tokens = model.Tokenize([new PromptText(text)], TextReading.Plain)[0];
        return model.Condition(tokens, [.. model.TextEncoders.Select((encoder, i) => encoder.Encode([tokens.Encoders[i]], RunWidth.Wide)[0])]);
    }
}

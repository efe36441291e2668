using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>Tokens to hidden states.</summary>
public interface ITextEncoder : IModelPart
{
    /// <summary>
    /// Encodes texts of equal <see cref="TextTokens.Signature"/>. Result i belongs to text i: its chunks one after another, each with its weights applied.
    /// </summary>
    /// <exception cref="Sessions.GraphException">The encoder refused the call.</exception>
    IReadOnlyList<EncodedText> Encode(IReadOnlyList<TextTokens> texts, RunWidth width);
}

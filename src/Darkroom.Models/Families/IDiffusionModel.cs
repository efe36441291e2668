using Darkroom.Diffusion.Attention;
using Darkroom.Models.Catalog;
using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>
/// A model on a device, whatever its family: text becomes conditioning, conditioning and latents become the denoiser's answer, latents become
/// pixels. Its parts batch over rows; a caller stacks rows that agree in shape. Any number of threads may call.
/// </summary>
public interface IDiffusionModel : IDisposable
{
    ModelDescription Description { get; }

    /// <summary>SHA-256 over the model's files, lower-case hex.</summary>
    string ContentHash { get; }

    /// <summary>Asked one after another for every text, and held one at a time.</summary>
    IReadOnlyList<ITextEncoder> TextEncoders { get; }

    /// <summary>Called at every step.</summary>
    IDenoiser Denoiser { get; }

    /// <summary>What pictures that are sent go through; null for a model without one, which draws from text alone.</summary>
    ILatentEncoder? Encoder { get; }

    ILatentDecoder Decoder { get; }

    /// <summary>What of the LoRAs that are merged in was left out.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>All parts that the model has: nobody else lists them.</summary>
    IEnumerable<IModelPart> Parts { get; }

    /// <summary>A quick look at this model's latents, for any thread; null where none fits them.</summary>
    ILatentPreview? Preview => null;

    /// <summary>
    /// The texts of one row as its text encoders take them. They come together because the row's lanes share calls of the denoiser: all come out equally long.
    /// </summary>
    IReadOnlyList<TokenizedText> Tokenize(IReadOnlyList<PromptText> texts, TextReading reading);

    /// <summary>
    /// A conditioning that needs no encoder: kept from before for these tokens, or that of an absent text. Null: encode first, and give the answers to
    /// <see cref="Condition"/>.
    /// </summary>
    Conditioning? FindConditioning(TokenizedText text);

    /// <summary>What the denoiser is given for a text, kept for <see cref="FindConditioning"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="encoded">What each encoder made of it, in the order of <see cref="TextEncoders"/>.</param>
    Conditioning Condition(TokenizedText text, IReadOnlyList<EncodedText> encoded);

    /// <summary>A text's conditioning with what depends on the row beside its texts; it shares the text's tensors.</summary>
    Conditioning ForRow(Conditioning text, RowConditions row) => text;

    /// <summary>Where words stand among the tokens that the denoiser attends to; null for a model whose attention tells nothing of words.</summary>
    /// <param name="text">What a lane reads.</param>
    /// <param name="words">Words, or phrases of several.</param>
    WordPlaces? Locate(TokenizedText text, IReadOnlyList<string> words) => null;

    /// <summary>The tokens that a word is made of, as the model's vocabulary has them.</summary>
    IReadOnlyList<string> TokensOf(string word) => [];

    /// <summary>
    /// The model with LoRAs merged in, in their order, with pictures that wrap round, or observed; callers with the same get the same. It must be given back.
    /// </summary>
    /// <param name="loras">May be none.</param>
    /// <param name="axes">Along which its pictures wrap round.</param>
    /// <param name="observed">What its denoiser gives beside its answer; null: nothing.</param>
    /// <exception cref="Sessions.GraphException">A LoRA cannot be merged into this model, or none can; the message says why.</exception>
    ModelVariant With(IReadOnlyList<LoraChoice> loras, WrapAxes axes = WrapAxes.None, Observation? observed = null) => throw new Sessions.GraphException(
        loras.Count > 0 ? "no LoRA can be merged into this model"
        : axes != WrapAxes.None ? "the edges of this model's pictures cannot be made to meet"
        : "nothing inside of this model can be observed",
        Sessions.GraphFault.Misfit);
}

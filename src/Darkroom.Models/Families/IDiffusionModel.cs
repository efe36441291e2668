using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;

namespace Darkroom.Models.Families;

/// <summary>
/// A model in memory, whatever its family: text becomes conditioning, conditioning and latents become the denoiser's answer, latents become
/// pixels. Its parts batch over rows; a caller stacks rows that agree in shape.
/// </summary>
public interface IDiffusionModel : IDisposable
{
    ModelDescription Description { get; }

    /// <summary>SHA-256 over the model's files, lower-case hex.</summary>
    string ContentHash { get; }

    /// <summary>Whether rows of different timesteps may share a call of the denoiser.</summary>
    bool TimestepPerRow { get; }

    /// <summary>Text to tokens, as the family's text encoders take them.</summary>
    TokenizedText Tokenize(string text, TextReading reading);

    /// <summary>A text as it stands, cut at the encoder's length.</summary>
    TokenizedText Tokenize(string text) => Tokenize(text, TextReading.Plain);

    /// <summary>A conditioning that was made before for these tokens; null where none is kept.</summary>
    Conditioning? FindConditioning(TokenizedText text);

    /// <summary>
    /// Encodes texts of equal <see cref="TokenizedText.ClipSkip"/>, and keeps what comes out. Result i belongs to text i: its chunks one after another, each with its weights applied.
    /// </summary>
    /// <exception cref="Sessions.GraphException">A text encoder refused the call.</exception>
    IReadOnlyList<Conditioning> Encode(IReadOnlyList<TokenizedText> texts);

    /// <summary>Runs the denoiser on rows of one latent shape and one conditioning signature, of one timestep unless <see cref="TimestepPerRow"/>.</summary>
    /// <exception cref="Sessions.GraphException">The graph refused the call, or its answer has another shape than the latents.</exception>
    void Denoise(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows);

    /// <summary>Encodes pictures of one size, [3, height, width] in [−1, 1] each, for the picture tasks.</summary>
    /// <exception cref="Sessions.GraphException">The encoder refused the call, or the model has none.</exception>
    IReadOnlyList<EncodedPicture> EncodePictures(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures);

    /// <summary>A quick look at this model's latents, for any thread; null where none fits them.</summary>
    Previews.ILatentPreview? Preview => null;

    /// <summary>Decodes final latents of one shape, C · h · w values each.</summary>
    /// <exception cref="Sessions.GraphException">The decoder refused the call.</exception>
    IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents);
}

/// <summary>A kind of model: how its folder becomes an <see cref="IDiffusionModel"/>.</summary>
public interface IModelFamily
{
    /// <summary>The name that <see cref="ModelDescription.Family"/> carries.</summary>
    string Name { get; }

    /// <summary>Opens every graph of the folder.</summary>
    /// <exception cref="Sessions.GraphException">A graph cannot be used; the message names the file.</exception>
    IDiffusionModel Load(string folder, ModelDescription description, string contentHash, Sessions.SessionSettings settings);
}

using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Families;

/// <summary>
/// A model on a device, whatever its family: text becomes conditioning, conditioning and latents become the denoiser's answer, latents become
/// pixels. Its parts batch over rows; a caller stacks rows that agree in shape. Parts come into the device's memory when they are held, and may leave it when they
/// are not; a call without a lease holds its part for itself, and waits for it on the calling thread. Any number of threads may call.
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
    IReadOnlyList<Conditioning> Encode(IReadOnlyList<TokenizedText> texts, RunWidth width = RunWidth.Wide);

    /// <summary>Runs the denoiser on rows of one latent shape and one conditioning signature, of one timestep unless <see cref="TimestepPerRow"/>.</summary>
    /// <exception cref="Sessions.GraphException">The graph refused the call, or its answer has another shape than the latents.</exception>
    void Denoise(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows, RunWidth width = RunWidth.Wide);

    /// <summary>Encodes pictures of one size, [3, height, width] in [−1, 1] each, for the picture tasks.</summary>
    /// <exception cref="Sessions.GraphException">The encoder refused the call, or the model has none.</exception>
    IReadOnlyList<EncodedPicture> EncodePictures(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run = RunWidth.Wide);

    /// <summary>Decodes final latents of one shape, C · h · w values each.</summary>
    /// <exception cref="Sessions.GraphException">The decoder refused the call.</exception>
    IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width = RunWidth.Wide);

    /// <summary>
    /// Holds a part in the device's memory until the lease is given back. At once, and without allocating more than the lease, where it is there; else it is
    /// opened as soon as there is room for it, in the order of those who wait. Hold one part at a time.
    /// </summary>
    /// <exception cref="Sessions.GraphException">The part cannot be opened, or is larger than the device's budget.</exception>
    /// <exception cref="OperationCanceledException">Nothing is held then.</exception>
    ValueTask<PartLease> HoldAsync(ModelPart part, CancellationToken cancellation) => new(PartLease.None);

    /// <summary>Whether the part is in memory.</summary>
    bool IsResident(ModelPart part) => true;

    /// <summary>Bytes of the part's graph and weights, in memory or not; 0 where the model has no such part.</summary>
    long BytesOf(ModelPart part) => 0;

    /// <summary>Whether a <see cref="RunWidth.Narrow"/> call of the part would take its caller's thread alone.</summary>
    bool NarrowIsReady(ModelPart part) => false;

    /// <summary>Begins to open the part's session for narrow calls, where the part is in memory, small, on a CPU of several threads, and there is room to spare. To be asked as often as one likes.</summary>
    void PrepareNarrow(ModelPart part) { }

    /// <summary>Says that the part's session is not to be trusted. Calls that end in <see cref="Sessions.GraphFault.Dead"/> say so themselves.</summary>
    void Invalidate(ModelPart part) { }

    /// <summary>
    /// Opens a session in place of one that is not to be trusted; any other is left as it is. Leases stay good: calls wait for the new session, and the old one goes when
    /// its last call ends.
    /// </summary>
    /// <exception cref="Sessions.GraphException">The part cannot be opened; the next who holds it tries again.</exception>
    Task RebuildAsync(ModelPart part) => Task.CompletedTask;

    /// <summary>Has the part's next call give back the memory that earlier ones needed beyond the weights.</summary>
    void ShrinkMemory(ModelPart part) { }
}

/// <summary>A kind of model: how its folder becomes an <see cref="IDiffusionModel"/>.</summary>
public interface IModelFamily
{
    /// <summary>The name that <see cref="ModelDescription.Family"/> carries.</summary>
    string Name { get; }

    /// <summary>
    /// Opens every graph of the folder once, as far as the device's budget allows side by side, to see that it can be used and what it can do.
    /// </summary>
    /// <exception cref="Sessions.GraphException">A graph cannot be used; the message names the file.</exception>
    Task<IDiffusionModel> LoadAsync(string folder, ModelDescription description, string contentHash, DeviceMemory memory);
}

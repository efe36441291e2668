using Darkroom.Models.Catalog;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Graphs;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>Stable Diffusion 1.x and 2.x, and whatever has their parts: one CLIP text encoder, a U-Net with cross attention, an autoencoder.</summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model.</param>
/// <param name="proofs">What was found out about graphs before; null: nothing, and nothing is kept beyond this object.</param>
public sealed class StableDiffusionFamily(long conditioningCacheBytes, ProofFile? proofs = null) : IModelFamily
{
    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public const string FamilyName = "stable-diffusion";

    public string Name => FamilyName;

    public IDiffusionModel Load(string folder, ModelDescription description, string contentHash, SessionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(description);
        // The graphs are opened side by side: on a small model the sum of the session start-ups is what a fresh server waits for.
        var parts = new Parts();
        var graphs = new EditedGraphs(settings, proofs, contentHash);
        try
        {
            Parallel.Invoke(
                () => parts.Denoiser = graphs.OpenDenoiser(
                    Path.Combine(folder, "unet", "model.onnx"), description.LatentsOf(description.SizeStep, description.SizeStep), description.TokenLength),
                () => parts.TextEncoder = graphs.OpenTextEncoder(Path.Combine(folder, "text_encoder", "model.onnx"), description.TextLayers, normalise: true),
                () => parts.Decoder = OnnxGraph.Load(Path.Combine(folder, "vae_decoder", "model.onnx"), settings).As(
                    graph => new LatentDecoder(graph, description.Autoencoder.ScalingFactor, description.Autoencoder.ShiftFactor)),
                () => parts.Encoder = File.Exists(Path.Combine(folder, "vae_encoder", "model.onnx"))
                    ? OnnxGraph.Load(Path.Combine(folder, "vae_encoder", "model.onnx"), settings).As(graph => new LatentEncoder(
                        graph, description.LatentChannels, description.Autoencoder.ScalingFactor, description.Autoencoder.ShiftFactor))
                    : null);
            CheckChannels("unet", parts.Denoiser!.Channels, description.Capabilities.DenoiserChannels);
            CheckChannels("vae_decoder", parts.Decoder!.Channels, description.LatentChannels);
            return new StableDiffusionModel(
                description, contentHash, ClipTokenizer.Load(Path.Combine(folder, "tokenizer"), description.TokenLength),
                parts.TextEncoder!, parts.Denoiser!, parts.Decoder!, parts.Encoder, new ConditioningCache(conditioningCacheBytes), PreviewOf(description, Path.Combine(folder, "vae_decoder", "model.onnx")));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<GraphException>().FirstOrDefault() is { } first)
        {
            parts.Dispose();
            throw new GraphException(first.Message, first);
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Graph and configuration of different models would only show when the first picture is made.</summary>
    private static void CheckChannels(string part, int channels, int stated)
    {
        if (channels > 0 && channels != stated)
            throw new GraphException($"{part}/model.onnx: its input has {channels} channels where {stated} are expected from the configuration");
    }

    /// <summary>Stable Diffusion's own latents are known by their channels and scale; other ones are shown by the decoder, where that is cheap.</summary>
    private static ILatentPreview? PreviewOf(ModelDescription description, string decoder) =>
        (description.LatentChannels, description.Autoencoder.ScalingFactor) == (4, AutoencoderScale.StableDiffusion) ? LinearPreview.StableDiffusion
        : DecoderPreview.Suits(decoder) ? new DecoderPreview(decoder, description.Autoencoder)
        : null;

    private sealed class Parts : IDisposable
    {
        public Denoiser? Denoiser { get; set; }
        public TextEncoder? TextEncoder { get; set; }
        public LatentDecoder? Decoder { get; set; }
        public LatentEncoder? Encoder { get; set; }

        public void Dispose()
        {
            Denoiser?.Dispose();
            TextEncoder?.Dispose();
            Decoder?.Dispose();
            Encoder?.Dispose();
        }
    }
}

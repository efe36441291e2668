using Darkroom.Models.Catalog;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Graphs;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families.StableDiffusion;

/// <summary>Stable Diffusion 1.x and 2.x, and whatever has their parts: one CLIP text encoder, a U-Net with cross attention, an autoencoder.</summary>
/// <param name="conditioningCacheBytes">Memory for encoded texts of one model on one device.</param>
/// <param name="proofs">What was found out about graphs before; null: nothing, and nothing is kept beyond this object.</param>
public sealed class StableDiffusionFamily(long conditioningCacheBytes, ProofFile? proofs = null) : IModelFamily
{
    private readonly ProofFile proofs = proofs ?? new ProofFile();

    public const string FamilyName = "stable-diffusion";

    public string Name => FamilyName;

    public async Task<IDiffusionModel> LoadAsync(string folder, ModelDescription description, string contentHash, DeviceMemory memory)
    {
        ArgumentNullException.ThrowIfNull(description);
        var parts = new StableDiffusionParts(folder, description, memory, settings => new EditedGraphs(settings, proofs, contentHash));
        try
        {
            var describing = parts.DescribeAsync(description);
            // Beside the graphs: a fresh server waits for both.
            var tokenizer = Task.Run(() => ClipTokenizer.Load(Path.Combine(folder, "tokenizer"), description.TokenLength));
            var complete = await describing;
            return new StableDiffusionModel(complete, contentHash, await tokenizer, parts, new ConditioningCache(conditioningCacheBytes), PreviewOf(description, Path.Combine(folder, "vae_decoder", "model.onnx")));
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>A model on a device of its own, without a budget: for commands and tests. Waits on the calling thread.</summary>
    /// <exception cref="GraphException">A graph cannot be used; the message names the file.</exception>
    public IDiffusionModel Load(string folder, ModelDescription description, string contentHash, SessionSettings settings) =>
        LoadAsync(folder, description, contentHash, new DeviceMemory(DeviceSpec.Of(settings))).GetAwaiter().GetResult();

    /// <summary>Stable Diffusion's own latents are known by their channels and scale; other ones are shown by the decoder, where that is cheap.</summary>
    private static ILatentPreview? PreviewOf(ModelDescription description, string decoder) =>
        (description.LatentChannels, description.Autoencoder.ScalingFactor) == (4, AutoencoderScale.StableDiffusion) ? LinearPreview.StableDiffusion
        : DecoderPreview.Suits(decoder) ? new DecoderPreview(decoder, description.Autoencoder)
        : null;
}

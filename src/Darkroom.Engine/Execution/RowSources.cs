using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Families;
using Darkroom.Models.Graphs;
using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Models, with their LoRAs, autoencoders and upscalers of the pools, and the pictures that callers sent.</summary>
internal sealed class RowSources(
    ModelPool models, LoraCatalog loras, UpscalerPool upscalers, PictureLoading pictures, EngineOptions options, ControlNetPool? controlNets = null,
    AutoencoderPool? autoencoders = null, EmbeddingCatalog? embeddings = null) : IRowSources
{
    public EngineOptions? Options => options;

    public PictureLoading Pictures => pictures;

    public Task<IDiffusionModel> ModelAsync(RowMemory row, string id, int device)
    {
        var observed = row.Request.Features is { } features ? new Observation(false, features.Layers)
            : row.Request.Explain is not null ? Observation.OfAttention : null;
        return Keep(row, row.Request is { Loras: not { Count: > 0 }, Tiling: WrapAxes.None } && observed is null ? models.Use(id, device) : models.UseWith(
            id, () => [.. (row.Request.Loras ?? []).Select(lora => loras.Choose(lora.Id, lora.Weight, lora.TextWeight ?? lora.Weight, lora.Hash))], device,
            row.Request.Tiling, observed));
    }

    public Task<Upscaler> UpscalerAsync(RowMemory row, string id, int device) => Keep(row, upscalers.Use(id, device));

    public Task<ControlNetPart> ControlNetAsync(RowMemory row, string id, int device) => controlNets is null
        ? Task.FromException<ControlNetPart>(new GraphException($"there is no ControlNet '{id}'"))
        : Keep(row, controlNets.Use(id, device));

    public Task<IReadOnlyList<PromptEmbedding>> EmbeddingsAsync(IReadOnlyList<EmbeddingOrder> named) => Task.Run<IReadOnlyList<PromptEmbedding>>(() =>
        [.. named.Select(one => embeddings?.Load(one.Id, one.Hash) ?? throw new GraphException($"there is no textual inversion '{one.Id}'"))]);

    public Task<SharedAutoencoder> AutoencoderAsync(RowMemory row, VaeOrder vae, int device) => autoencoders is null
        ? Task.FromException<SharedAutoencoder>(new GraphException($"there is no autoencoder '{vae.Id}'"))
        : Keep(row, autoencoders.Use(vae.Id, vae.Hash, device));

    private static Task<T> Keep<T>(RowMemory row, PoolUse<T> use)
    {
        row.Keep(use);
        return use.Loaded;
    }
}

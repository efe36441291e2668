using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Families;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Execution;

/// <summary>Models, with their LoRAs, and upscalers of the pools, and the pictures that callers sent.</summary>
internal sealed class RowSources(
    ModelPool models, LoraCatalog loras, UpscalerPool upscalers, PictureLoading pictures, ControlNetPool? controlNets = null,
    EmbeddingCatalog? embeddings = null) : IRowSources
{
    public PictureLoading Pictures => pictures;

    public Task<IDiffusionModel> ModelAsync(RowMemory row, string id, int device) => Keep(row, row.Request.Loras is not { Count: > 0 } wanted
        ? models.Use(id, device)
        : models.UseWith(id, () => [.. wanted.Select(lora => loras.Choose(lora.Id, lora.Weight, lora.TextWeight ?? lora.Weight, lora.Hash))], device));

    public Task<Upscaler> UpscalerAsync(RowMemory row, string id, int device) => Keep(row, upscalers.Use(id, device));

    public Task<ControlNetPart> ControlNetAsync(RowMemory row, string id, int device) => controlNets is null
        ? Task.FromException<ControlNetPart>(new GraphException($"there is no ControlNet '{id}'"))
        : Keep(row, controlNets.Use(id, device));

    public Task<IReadOnlyList<PromptEmbedding>> EmbeddingsAsync(IReadOnlyList<EmbeddingOrder> named) => Task.Run<IReadOnlyList<PromptEmbedding>>(() =>
        [.. named.Select(one => embeddings?.Load(one.Id, one.Hash) ?? throw new GraphException($"there is no textual inversion '{one.Id}'"))]);

    private static Task<T> Keep<T>(RowMemory row, PoolUse<T> use)
    {
        row.Keep(use);
        return use.Loaded;
    }
}

using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Fields;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Shelf;

/// <summary>Everything under the models path, and what fits what.</summary>
internal sealed class ModelShelf(
    IModelDirectory models, ILoraDirectory loras, IEmbeddingDirectory embeddings, IUpscalerDirectory upscalers, DarkroomSettings settings,
    IControlNetDirectory? controlNets = null)
{
    public IModelDirectory Models => models;

    public DarkroomSettings Settings => settings;

    public IReadOnlyList<LoraDescription> Loras => loras.All;

    public IReadOnlyList<EmbeddingDescription> Embeddings => embeddings.All;

    public IReadOnlyList<ControlNetDescription> ControlNets => controlNets?.All ?? [];

    public IReadOnlyList<UpscalerDescription> Upscalers => upscalers.All;

    /// <summary>The models that a LoRA can be merged into, as far as the files' headers tell.</summary>
    public IEnumerable<ModelDescription> ModelsOf(LoraDescription lora) => models.All.Where(model => Fits(lora, model));

    /// <summary>The LoRAs that can be merged into a model.</summary>
    public IEnumerable<LoraDescription> LorasOf(ModelDescription model) => loras.All.Where(lora => Fits(lora, model));

    /// <summary>The models whose prompts can name a textual inversion.</summary>
    public IEnumerable<ModelDescription> ModelsOf(EmbeddingDescription embedding) => models.All.Where(model => Fits(embedding, model));

    /// <summary>The textual inversions that a model's prompts can name.</summary>
    public IEnumerable<EmbeddingDescription> EmbeddingsOf(ModelDescription model) => embeddings.All.Where(embedding => Fits(embedding, model));

    /// <summary>The models that a ControlNet can steer.</summary>
    public IEnumerable<ModelDescription> ModelsOf(ControlNetDescription net) => models.All.Where(model => Fits(net, model));

    /// <summary>The ControlNets that can steer a model.</summary>
    public IEnumerable<ControlNetDescription> ControlNetsOf(ModelDescription model) => ControlNets.Where(net => Fits(net, model));

    private static bool Fits(LoraDescription lora, ModelDescription model) =>
        lora.Fault is null && model is { Fault: null, Capabilities.Lora: true } && LoraFit.Misfit(lora, model) is null;

    private static bool Fits(EmbeddingDescription embedding, ModelDescription model) => model.Fault is null && embedding.MisfitOf(model) is null;

    private static bool Fits(ControlNetDescription net, ModelDescription model) => net.Fault is null && model.Fault is null
        && model.Capabilities.ExtraFields.Contains(FieldTable.Controls.Name) && ControlNetFit.Misfit(net, model) is null;
}

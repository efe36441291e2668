using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Models.Residency;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Workers;

/// <summary>
/// The models, and all that goes with them, of all workers that live, for a process that has none. A model that several have is the one that can be used
/// soonest. Those of workers that were there a moment ago are known still: a job may wait until one of them is back.
/// </summary>
public sealed class WorkerDirectory : IModelDirectory, IUpscalerDirectory, ILoraDirectory, IControlNetDirectory, IEmbeddingDirectory,
    IAutoencoderDirectory
{
    private volatile View view = new([], []);

    public IReadOnlyList<ModelDescription> All => view.Models;

    public ModelDescription? Default => view.Default;

    IReadOnlyList<UpscalerDescription> IUpscalerDirectory.All => view.Upscalers;

    IReadOnlyList<LoraDescription> ILoraDirectory.All => view.Loras;

    IReadOnlyList<ControlNetDescription> IControlNetDirectory.All => view.ControlNets;

    IReadOnlyList<EmbeddingDescription> IEmbeddingDirectory.All => view.Embeddings;

    IReadOnlyList<AutoencoderDescription> IAutoencoderDirectory.All => view.Autoencoders;

    /// <summary>Workers that live.</summary>
    public int Workers => view.Cards.Count;

    /// <summary>Their cards.</summary>
    public IReadOnlyList<WorkerCard> Cards => view.Cards;

    public ModelDescription? Find(string id) => view.ById.GetValueOrDefault(id)?.Description;

    public ModelStatus StatusOf(string id) => view.ById.GetValueOrDefault(id)?.Status ?? new ModelStatus(ModelState.Cold);

    UpscalerDescription? IUpscalerDirectory.Find(string id) => view.UpscalersById.GetValueOrDefault(id)?.Description;

    ModelStatus IUpscalerDirectory.StatusOf(string id) => view.UpscalersById.GetValueOrDefault(id)?.Status ?? new ModelStatus(ModelState.Cold);

    ControlNetDescription? IControlNetDirectory.Find(string id) => view.ControlNets.FirstOrDefault(net => net.Id == id);

    LoraDescription? ILoraDirectory.Find(string id) => view.Loras.FirstOrDefault(lora => lora.Id == id);

    AutoencoderDescription? IAutoencoderDirectory.Find(string id) => view.Autoencoders.FirstOrDefault(one => one.Id == id);

    /// <summary>The files are the workers'.</summary>
    string? ILoraDirectory.HashOf(string id) => null;

    /// <summary>The files are the workers'.</summary>
    string? IAutoencoderDirectory.HashOf(string id) => null;

    /// <summary>Whether a worker that lives can make what a request asks for.</summary>
    public bool CanMake(Jobs.GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = view;
        return now.Cards.Any(card =>
            (request.Task == Jobs.GenerationTask.Upscale || card.Models.Any(model => model.Description.Id == request.Model))
            && (request.Loras ?? []).All(lora => card.Loras.Any(one => one.Id == lora.Id))
            && (request.Controls ?? []).All(control => card.ControlNets.Any(one => one.Id == control.Model))
            && (request.Embeddings ?? []).All(named => card.Embeddings.Any(one => one.Id == named.Id))
            && (request.Vae is null || card.Autoencoders.Any(one => one.Id == request.Vae.Id))
            && request.Upscalers.All(id => card.Upscalers.Any(one => one.Description.Id == id)));
    }

    /// <summary>The memory of the workers that have a model or upscaler, as settings of an engine.</summary>
    public IReadOnlyList<EngineOptions> MachinesOf(string model) =>
    [
        .. view.Known.Where(card => card.Models.Any(one => one.Description.Id == model) || card.Upscalers.Any(one => one.Description.Id == model))
            .Select(card => new EngineOptions { MemoryLimitMiB = card.MemoryLimitMiB, Memory = new MemoryLimits(card.ProcessBytes, card.HeapBytes) }),
    ];

    /// <param name="cards">Of workers that live.</param>
    /// <param name="gone">Of workers that may come back; null: none.</param>
    public void Show(IReadOnlyList<WorkerCard> cards, IReadOnlyList<WorkerCard>? gone = null) => view = new View(cards, gone ?? []);

    private sealed class View
    {
        public View(IReadOnlyList<WorkerCard> live, IReadOnlyList<WorkerCard> gone)
        {
            Cards = live;
            IReadOnlyList<WorkerCard> cards = Known = [.. live, .. gone.Select(AsGone)];
            ById = cards.SelectMany(card => card.Models).GroupBy(model => model.Description.Id, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.MinBy(one => RankOf(one.Description.Fault, one.Status))!, StringComparer.Ordinal);
            UpscalersById = cards.SelectMany(card => card.Upscalers).GroupBy(one => one.Description.Id, StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.MinBy(one => RankOf(one.Description.Fault, one.Status))!, StringComparer.Ordinal);
            Models = [.. ById.Values.Select(model => model.Description).OrderBy(model => model.Id, StringComparer.Ordinal)];
            Upscalers = [.. UpscalersById.Values.Select(upscaler => upscaler.Description).OrderBy(upscaler => upscaler.Id, StringComparer.Ordinal)];
            Loras = Usable(cards.SelectMany(card => card.Loras), static one => one.Id, static one => one.Fault);
            ControlNets = Usable(cards.SelectMany(card => card.ControlNets), static one => one.Id, static one => one.Fault);
            Embeddings = Usable(cards.SelectMany(card => card.Embeddings), static one => one.Id, static one => one.Fault);
            Autoencoders = Usable(cards.SelectMany(card => card.Autoencoders), static one => one.Id, static one => one.Fault);
            // What most of them say; of as many, the first by name.
            var named = (live.Count > 0 ? live : cards).Select(card => card.DefaultModel).OfType<string>().GroupBy(id => id, StringComparer.Ordinal)
                .OrderByDescending(same => same.Count()).ThenBy(same => same.Key, StringComparer.Ordinal).FirstOrDefault();
            Default = named is null ? null : ById.GetValueOrDefault(named.Key)?.Description;
        }

        public IReadOnlyList<WorkerCard> Cards { get; }

        /// <summary>These, and those of workers that may come back.</summary>
        public IReadOnlyList<WorkerCard> Known { get; }

        public Dictionary<string, WorkerModel> ById { get; }

        public Dictionary<string, WorkerUpscaler> UpscalersById { get; }

        public IReadOnlyList<ModelDescription> Models { get; }

        public IReadOnlyList<UpscalerDescription> Upscalers { get; }

        public IReadOnlyList<LoraDescription> Loras { get; }

        public IReadOnlyList<ControlNetDescription> ControlNets { get; }

        public IReadOnlyList<EmbeddingDescription> Embeddings { get; }

        public IReadOnlyList<AutoencoderDescription> Autoencoders { get; }

        public ModelDescription? Default { get; }

        /// <summary>One of each id, by id: of several the first that nothing speaks against.</summary>
        private static T[] Usable<T>(IEnumerable<T> all, Func<T, string> idOf, Func<T, string?> faultOf) =>
            [.. all.GroupBy(idOf, StringComparer.Ordinal).Select(same => same.MinBy(one => faultOf(one) is null ? 0 : 1)!)
                .OrderBy(idOf, StringComparer.Ordinal)];

        /// <summary>What it had is in no memory any more.</summary>
        private static WorkerCard AsGone(WorkerCard card) => card with
        {
            Models = [.. card.Models.Select(model => model with { Status = new ModelStatus(ModelState.Cold) })],
            Upscalers = [.. card.Upscalers.Select(upscaler => upscaler with { Status = new ModelStatus(ModelState.Cold) })],
        };

        private static int RankOf(string? fault, ModelStatus status) => fault is not null ? 4 : status.State switch
        {
            ModelState.Ready => 0,
            ModelState.Loading => 1,
            ModelState.Cold => 2,
            _ => 3,
        };
    }
}

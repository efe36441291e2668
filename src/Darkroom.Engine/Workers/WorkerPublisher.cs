using Darkroom.Engine.Energy;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Models.Residency;
using Darkroom.Models.Upscaling;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Workers;

/// <summary>Tells other processes what this one can make, and that it lives; and reads what they have.</summary>
internal sealed class WorkerPublisher(
    IWorkerBoard board, JobOwner owner, WorkerContents contents, EngineOptions options, OtherWorkers others,
    TimeProvider time, ILogger<WorkerPublisher> log) : PeriodicWork(Interval, time)
{
    /// <summary>How old others' knowledge of a model's state may be.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Several turns may be late before nobody counts on this process any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

    private readonly WorkerDevice[] devices = [.. options.Devices.Select((spec, index) => DeviceOf(spec, index, options.MaxBatch))];
    private string? published;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TurnAsync(cancellationToken); // at once: requests for its models come in meanwhile
        }
        catch (StoreException e)
        {
            Failed(e);
        }
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await board.RemoveAsync(owner.Id, CancellationToken.None);
        }
        catch (StoreException e)
        {
            Failed(e); // its lease runs out
        }
    }

    protected override async Task TurnAsync(CancellationToken cancellation)
    {
        var card = Card();
        string text = WorkerJson.Write(card);
        if (text != published || !await board.ProlongAsync(card.Id, Lease, cancellation)) await board.PublishAsync(card, Lease, cancellation);
        published = text;
        others.Directory.Show([.. (await board.LiveAsync(cancellation)).Where(other => other.Id != card.Id)]);
    }

    protected override void Failed(Exception exception) => EngineLog.CardNotPublished(log, exception.Message);

    private static WorkerDevice DeviceOf(DeviceSpec spec, int index, int maxBatch) => new(
        index, spec.Kind, spec.Id, DeviceFacts.NameOf(spec), DeviceFacts.ThreadsOf(spec), maxBatch,
        spec.BudgetBytes < long.MaxValue ? spec.BudgetBytes : null);

    private WorkerCard Card() => new()
    {
        Id = owner.Id,
        // What is in memory changes all the time, and is nobody else's matter.
        Models = [.. contents.Models.All.Select(model => new WorkerModel(model, contents.Models.StatusOf(model.Id) with { ResidentBytes = 0 }))],
        Upscalers = [.. contents.Upscalers.All.Select(upscaler =>
            new WorkerUpscaler(upscaler, contents.Upscalers.StatusOf(upscaler.Id) with { ResidentBytes = 0 }))],
        Loras = contents.Loras.All,
        ControlNets = contents.ControlNets?.All ?? [],
        Embeddings = contents.Embeddings.All,
        Devices = devices,
        DefaultModel = contents.Models.Default?.Id,
        ProcessBytes = options.Memory.ProcessBytes,
        HeapBytes = options.Memory.HeapBytes,
        MemoryLimitMiB = options.MemoryLimitMiB,
    };
}

/// <summary>What a process has to make pictures with.</summary>
internal sealed record WorkerContents(
    IModelDirectory Models, IUpscalerDirectory Upscalers, ILoraDirectory Loras, IEmbeddingDirectory Embeddings, IControlNetDirectory? ControlNets = null);

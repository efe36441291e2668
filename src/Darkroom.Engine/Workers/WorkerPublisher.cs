using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;
using Microsoft.Extensions.Logging;

namespace Darkroom.Engine.Workers;

/// <summary>Tells other processes what this one can make, and that it lives; and reads what they have.</summary>
internal sealed class WorkerPublisher(
    IWorkerBoard board, JobOwner owner, IModelDirectory models, IUpscalerDirectory upscalers, EngineOptions options, OtherWorkers others,
    TimeProvider time, ILogger<WorkerPublisher> log) : PeriodicWork(Interval, time)
{
    /// <summary>How old others' knowledge of a model's state may be.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>Several turns may be late before nobody counts on this process any more.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);

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

    private WorkerCard Card() => new()
    {
        Id = owner.Id,
        // What is in memory changes all the time, and is nobody else's matter.
        Models = [.. models.All.Select(model => new WorkerModel(model, models.StatusOf(model.Id) with { ResidentBytes = 0 }))],
        Upscalers = [.. upscalers.All.Select(upscaler => new WorkerUpscaler(upscaler, upscalers.StatusOf(upscaler.Id) with { ResidentBytes = 0 }))],
        Devices = [.. options.Devices.Select(device => device.Name)],
        DefaultModel = models.Default?.Id,
        ProcessBytes = options.Memory.ProcessBytes,
        HeapBytes = options.Memory.HeapBytes,
        MemoryLimitMiB = options.MemoryLimitMiB,
    };
}

using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Loras;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Workers;

/// <summary>
/// What a process that makes pictures tells those that only take requests: its models, and what it has memory for. Plain data, so that a node without weights
/// can validate a request.
/// </summary>
public sealed record WorkerCard
{
    /// <summary>The process's id as an owner of jobs.</summary>
    public required string Id { get; init; }

    /// <summary>Its models, those with a fault too.</summary>
    public IReadOnlyList<WorkerModel> Models { get; init; } = [];

    public IReadOnlyList<WorkerUpscaler> Upscalers { get; init; } = [];

    /// <summary>Its LoRAs; none on the card of an earlier version.</summary>
    public IReadOnlyList<LoraDescription> Loras { get; init; } = [];

    /// <summary>Its ControlNets; none on the card of an earlier version.</summary>
    public IReadOnlyList<ControlNetDescription> ControlNets { get; init; } = [];

    /// <summary>Its textual inversions; none on the card of an earlier version.</summary>
    public IReadOnlyList<EmbeddingDescription> Embeddings { get; init; } = [];

    /// <summary>Its devices; none on the card of an earlier version.</summary>
    public IReadOnlyList<WorkerDevice> Devices { get; init; } = [];

    /// <summary>The model of requests that name none; null: there is none.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What the process may have in all, in bytes.</summary>
    public long ProcessBytes { get; init; }

    /// <summary>What its managed heap may have, in bytes.</summary>
    public long HeapBytes { get; init; }

    /// <summary>What one picture may need, MiB; null: what the memory has for it.</summary>
    public long? MemoryLimitMiB { get; init; }
}

/// <summary>A worker's model, and where it stands there.</summary>
public sealed record WorkerModel(ModelDescription Description, ModelStatus Status);

/// <summary>A worker's upscaler, and where it stands there.</summary>
public sealed record WorkerUpscaler(UpscalerDescription Description, ModelStatus Status);

/// <summary>A worker's device, as it is configured.</summary>
/// <param name="WeightLimitBytes">Null: none is set.</param>
public sealed record WorkerDevice(int Index, string Kind, int Id, string Name, int Threads, int MaxBatch, long? WeightLimitBytes);

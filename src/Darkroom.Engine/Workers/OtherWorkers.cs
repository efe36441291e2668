namespace Darkroom.Engine.Workers;

/// <summary>What the workers beside this one have, as far as it has read their cards.</summary>
internal sealed class OtherWorkers
{
    public WorkerDirectory Directory { get; } = new();
}

using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Server.Generation;
using Darkroom.Server.Native.Contracts;

namespace Darkroom.Server.Health;

/// <summary>Each thing that readiness looks at, by itself, for an operator who asks why.</summary>
internal sealed class ReadinessChecks(
    IModelDirectory models, Drain drain, EngineLifetime engine, IEnumerable<IStoreHealth> stores, DiskProbe disk, NodeTraits node)
{
    public IReadOnlyList<ReadinessCheck> Now =>
    [
        Check("draining", drain.IsDraining ? "The server is on its way out." : null),
        .. stores.Select(store => Check(store.Name, store.Trouble is null ? null : "The store cannot be used now.")),
        .. disk.IsNeeded ? [Check("disk", (engine.StoreIsFull ? "The store of jobs finds no room." : null) ?? disk.Fault)] : Array.Empty<ReadinessCheck>(),
        .. node.MakesPictures ? [Check("devices", engine.Loss), Check("model", ModelFault)] : Array.Empty<ReadinessCheck>(),
    ];

    private string? ModelFault
    {
        get
        {
            if (models.Default is not { } model) return "There is no model.";
            if (model.Fault is { } fault) return fault;
            var status = models.StatusOf(model.Id);
            return status.State == ModelState.Ready ? null : status.Reason ?? $"The model {model.Id} is {WireNames.Of(status.State)}.";
        }
    }

    private static ReadinessCheck Check(string name, string? fault) => new(name, fault is null, fault);
}

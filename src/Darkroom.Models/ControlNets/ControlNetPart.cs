using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.ControlNets;

/// <summary>A ControlNet in a device's memory.</summary>
public sealed class ControlNetPart : IModelPart, IDisposable
{
    private readonly GraphSlot<ControlNet> slot;

    internal ControlNetPart(DeviceMemory memory, ControlNetCatalog catalog, ControlNetDescription description)
    {
        Name = description.Id;
        slot = new(memory, description.Id, description.Bytes, settings => OnnxGraph.Load(catalog.FileOf(description.Id), settings)
            .As(static graph => new ControlNet(graph)), ControlNetCatalog.FolderName)
        {
            Files = catalog.StampsOf(description.Id),
        };
    }

    public string Name { get; }

    public long Bytes => slot.Bytes;

    public bool IsResident => slot.IsResident;

    public ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => slot.HoldAsync(cancellation);

    public bool NarrowIsReady => slot.NarrowIsReady;

    public void PrepareNarrow() => slot.PrepareNarrow();

    public void Invalidate() => slot.Invalidate();

    public Task RebuildAsync() => slot.RebuildAsync();

    public void ShrinkMemory() => slot.ShrinkMemory();

    public CallRoom BeginCall(long bytes) => slot.BeginCall(bytes);

    /// <summary>Runs rows of one latent shape, one conditioning signature and one timestep.</summary>
    /// <exception cref="GraphException">The graph refused the call.</exception>
    public void Run(LatentShape shape, int width, int height, ReadOnlyMemory<ControlRow> rows, RunWidth run) =>
        slot.Call(run, (shape, width, height, rows), static (net, call) => net.Run(call.shape, call.width, call.height, call.rows));

    public void Dispose() => slot.Dispose();
}

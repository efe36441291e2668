using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.ControlNets;

/// <summary>A ControlNet in a device's memory.</summary>
public sealed class ControlNetPart : IModelPart, IDisposable
{
    private static int made;

    private readonly GraphSlot<ControlNet> slot;

    internal ControlNetPart(DeviceMemory memory, ControlNetContents contents)
    {
        var description = contents.Description;
        (Name, TimestepPerRow) = (description.Id, description.TimestepPerRow);
        slot = new(memory, description.Id, description.Bytes, settings => ControlNet.Open(contents, settings), ControlNetCatalog.FolderName)
        {
            Files = contents.Stamps,
        };
    }

    public string Name { get; }

    /// <summary>Of a ControlNet whose files were replaced there are two as long as rows use the old one: no call is shared by rows of both.</summary>
    public string Variant { get; } = $"#{Interlocked.Increment(ref made)}";

    /// <summary>Whether rows of different timesteps may share a call.</summary>
    public bool TimestepPerRow { get; }

    public long Bytes => slot.Bytes;

    public bool IsResident => slot.IsResident;

    public ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => slot.HoldAsync(cancellation);

    public bool NarrowIsReady => slot.NarrowIsReady;

    public void PrepareNarrow() => slot.PrepareNarrow();

    public void Invalidate() => slot.Invalidate();

    public Task RebuildAsync() => slot.RebuildAsync();

    public void ShrinkMemory() => slot.ShrinkMemory();

    public CallRoom BeginCall(long bytes) => slot.BeginCall(bytes);

    /// <summary>Runs rows of one latent shape and one conditioning signature, of one timestep unless <see cref="TimestepPerRow"/>.</summary>
    /// <exception cref="GraphException">The graph refused the call.</exception>
    public void Run(LatentShape shape, ReadOnlyMemory<ControlRow> rows, RunWidth run) =>
        slot.Call(run, (shape, rows), static (net, call) => net.Run(call.shape, call.rows));

    public void Dispose() => slot.Dispose();
}

using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Execution;

/// <summary>A network of a device, as the engine sees it: in memory while someone holds it, mended when its session dies.</summary>
internal abstract record Network
{
    /// <summary>The network that a row needs at the stage where it is; null where it needs none.</summary>
    public static Network? Of(Row row) => row.Stage switch
    {
        Stage.EncodeText => new Part(row.Model.Result().TextEncoders[0]),
        Stage.EncodePicture => new Part(row.Model.Result().Encoder!),
        Stage.Denoise => new Part(row.Model.Result().Denoiser),
        Stage.Decode => new Part(row.Model.Result().Decoder),
        Stage.Upscale when row.Upscale!.HasBegun => new Part(row.Upscale.Upscaler.GetAwaiter().GetResult()), // loaded: it has begun
        _ => null,
    };

    public abstract ValueTask<PartLease> HoldAsync(CancellationToken cancellation);

    /// <summary>Whether calls on one thread run side by side with others.</summary>
    public abstract bool NarrowIsReady { get; }

    /// <summary>Asks for that, where it is worth while.</summary>
    public abstract void PrepareNarrow();

    /// <summary>Makes a new session in place of one that a call found dead, or of any. Waits on the calling thread, which is the device's.</summary>
    /// <param name="any">Whether one that nobody found dead is replaced too.</param>
    public abstract void Rebuild(bool any);

    /// <summary>Has the next call give back memory that earlier ones needed.</summary>
    public abstract void Shrink();

    public abstract CallSize Size { get; }

    private sealed record Part(IModelPart Network) : Network
    {
        public override ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => Network.HoldAsync(cancellation);
        public override bool NarrowIsReady => Network.NarrowIsReady;
        public override void PrepareNarrow() => Network.PrepareNarrow();
        public override void Shrink() => Network.ShrinkMemory();
        public override CallSize Size => CallSize.OfBytes(Network.Bytes);

        public override void Rebuild(bool any)
        {
            if (any) Network.Invalidate();
            Network.RebuildAsync().GetAwaiter().GetResult();
        }
    }
}

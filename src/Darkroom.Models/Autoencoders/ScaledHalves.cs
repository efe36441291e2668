using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Residency;

namespace Darkroom.Models.Autoencoders;

/// <summary>Half of an autoencoder, whose session all models share, with one model's scale.</summary>
internal abstract class ScaledHalf(IModelPart part) : IModelPart
{
    public string Name => part.Name;

    public string Variant => part.Variant;

    public long Bytes => part.Bytes;

    public bool IsResident => part.IsResident;

    public int MaxRows => part.MaxRows;

    public bool NarrowIsReady => part.NarrowIsReady;

    public ValueTask<PartLease> HoldAsync(CancellationToken cancellation) => part.HoldAsync(cancellation);

    public void PrepareNarrow() => part.PrepareNarrow();

    public void Invalidate() => part.Invalidate();

    public Task RebuildAsync() => part.RebuildAsync();

    public CallRoom BeginCall(long bytes) => part.BeginCall(bytes);

    public void ShrinkMemory() => part.ShrinkMemory();
}

/// <summary>The decoder with a model's scale.</summary>
internal sealed class ScaledDecoder(LatentDecoderPart part, AutoencoderScale scale) : ScaledHalf(part), ILatentDecoder
{
    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width) =>
        part.Decode(shape, latents, width, scale);
}

/// <summary>The encoder with a model's scale.</summary>
internal sealed class ScaledEncoder(LatentEncoderPart part, AutoencoderScale scale) : ScaledHalf(part), ILatentEncoder
{
    public IReadOnlyList<EncodedPicture> Encode(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run) =>
        part.Encode(width, height, pictures, run, scale);
}

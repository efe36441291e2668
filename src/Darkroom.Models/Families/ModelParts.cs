using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>A text encoder in a device's memory.</summary>
internal sealed class TextEncoderPart(DeviceMemory memory, string model, PartSize part, Func<SessionSettings, TextEncoder> open)
    : GraphSlot<TextEncoder>(memory, part.Name, part.Bytes, open, model), ITextEncoder
{
    public override int MaxRows { get; } = part.FixedBatch ?? int.MaxValue;

    public IReadOnlyList<EncodedText> Encode(IReadOnlyList<TextTokens> texts, RunWidth width) =>
        Call(width, texts, static (encoder, texts) => ChunkEncoding.Run(texts, chunks => encoder.Run(chunks, texts[0].ClipSkip)));
}

/// <summary>A denoiser in a device's memory.</summary>
internal sealed class DenoiserPart(DeviceMemory memory, string model, PartSize part, Func<SessionSettings, Denoiser> open)
    : GraphSlot<Denoiser>(memory, part.Name, part.Bytes, open, model), IDenoiser
{
    public override int MaxRows { get; } = part.FixedBatch ?? int.MaxValue;

    /// <summary>Known when the graph was opened once.</summary>
    public bool TimestepPerRow { get; set; }

    public void Run(LatentShape shape, ReadOnlyMemory<DenoiserRow> rows, RunWidth width) =>
        Call(width, (shape, rows), static (denoiser, call) => denoiser.Run(call.shape, call.rows));
}

/// <summary>An autoencoder's encoder in a device's memory.</summary>
internal sealed class LatentEncoderPart(DeviceMemory memory, string model, PartSize part, Func<SessionSettings, LatentEncoder> open)
    : GraphSlot<LatentEncoder>(memory, part.Name, part.Bytes, open, model), ILatentEncoder
{
    public override int MaxRows { get; } = part.FixedBatch ?? int.MaxValue;

    public IReadOnlyList<EncodedPicture> Encode(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run) =>
        Encode(width, height, pictures, run, scale: null);

    /// <summary>The same with a scale that is not its own.</summary>
    public IReadOnlyList<EncodedPicture> Encode(
        int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, RunWidth run, AutoencoderScale? scale) =>
        Call(run, (width, height, pictures, scale), static (encoder, call) => encoder.Run(call.width, call.height, call.pictures, call.scale));
}

/// <summary>An autoencoder's decoder in a device's memory.</summary>
internal sealed class LatentDecoderPart(DeviceMemory memory, string model, PartSize part, Func<SessionSettings, LatentDecoder> open)
    : GraphSlot<LatentDecoder>(memory, part.Name, part.Bytes, open, model), ILatentDecoder
{
    public override int MaxRows { get; } = part.FixedBatch ?? int.MaxValue;

    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width) =>
        Decode(shape, latents, width, scale: null);

    /// <summary>The same with a scale that is not its own.</summary>
    public IReadOnlyList<DecodedPicture> Decode(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, RunWidth width, AutoencoderScale? scale) =>
        Call(width, (shape, latents, scale), static (decoder, call) => decoder.Run(call.shape, call.latents, call.scale));
}

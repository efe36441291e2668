using System.Numerics.Tensors;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Files;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.Previews;

/// <summary>
/// The model's own decoder, for one so small that running it is cheap, in a session of its own: opened with the first preview, on the CPU, with one
/// thread, so that the device never waits for it.
/// </summary>
/// <param name="path">The decoder's graph.</param>
/// <param name="scale">From the denoiser's latents to the decoder's.</param>
/// <param name="factor">Pixels per latent cell, along a side.</param>
/// <param name="pictureChannels">Channels of the pictures.</param>
/// <param name="telemetry">What counts its calls; null: nothing does.</param>
public sealed class DecoderPreview(string path, AutoencoderScale scale, int factor, int pictureChannels = 3, GraphTelemetry? telemetry = null) : ILatentPreview
{
    /// <summary>Bytes of a decoder that is small: that of a full-sized model has a hundred times as many.</summary>
    public const long MaxFileBytes = 2 << 20;

    private readonly Lock gate = new();
    private readonly FileStamps file = FileStamps.Of([path]);
    private LatentDecoder? decoder;
    private bool disposed;

    /// <summary>Whether the file is there and small, with its weights in it.</summary>
    public static bool Suits(string path) => new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes } && !File.Exists(path + "_data")
        && !File.Exists(path + ".data");

    /// <summary>For a model's folder; null where its decoder does not suit.</summary>
    internal static DecoderPreview? Of(string folder, ModelDescription description, GraphTelemetry? telemetry) =>
        Path.Combine(folder, FolderLayout.Decoder, GraphFile.Name) is var path && Suits(path)
            ? new(path, description.Autoencoder, description.LatentFactor, description.PictureChannels, telemetry)
            : null;

    public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        lock (gate)
        {
            // A model may be let go while a preview of it is due.
            ObjectDisposedException.ThrowIf(disposed, this);
            if (decoder is null && file.Changed is not null) throw new GraphException("the decoder was changed on disk after the model was loaded");
            decoder ??= OnnxGraph.Load(path, new SessionSettings { Threads = 1, Telemetry = telemetry }).As(
                graph => new LatentDecoder(graph, scale.ScalingFactor, scale.ShiftFactor, factor, pictureChannels));
            var picture = decoder.Run(shape, [latents])[0];
            return float.IsFinite(TensorPrimitives.MaxMagnitude<float>(picture.Values))
                ? picture
                : throw new GraphException("the decoder answered with values that are not finite");
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            decoder?.Dispose();
        }
    }
}

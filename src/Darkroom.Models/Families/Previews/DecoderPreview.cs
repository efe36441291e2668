using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.Previews;

/// <summary>
/// The model's own decoder, for one so small that running it is cheap, in a session of its own: opened with the first preview, on the CPU, with one
/// thread, so that the device never waits for it.
/// </summary>
/// <param name="path">Of the decoder's graph.</param>
/// <param name="scale">Of the latents.</param>
/// <param name="telemetry">What counts its calls; null: nothing does.</param>
public sealed class DecoderPreview(string path, AutoencoderScale scale, GraphTelemetry? telemetry = null) : ILatentPreview
{
    /// <summary>Bytes of a decoder that is small: that of a full-sized model has a hundred times as many.</summary>
    public const long MaxFileBytes = 2 << 20;

    private readonly Lock gate = new();
    private LatentDecoder? decoder;
    private bool disposed;

    /// <summary>Whether the file is there and small, with its weights in it.</summary>
    public static bool Suits(string path) => new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes } && !File.Exists(path + "_data")
        && !File.Exists(path + ".data");

    /// <summary>For a model's folder; null where its decoder does not suit.</summary>
    internal static DecoderPreview? Of(string folder, AutoencoderScale scale, GraphTelemetry? telemetry) =>
        Path.Combine(folder, FolderLayout.Decoder, GraphFile.Name) is var path && Suits(path) ? new(path, scale, telemetry) : null;

    public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        lock (gate)
        {
            // A model may be let go while a preview of it is due.
            ObjectDisposedException.ThrowIf(disposed, this);
            decoder ??= OnnxGraph.Load(path, new SessionSettings { Threads = 1, Telemetry = telemetry }).As(graph =>
                new LatentDecoder(graph, scale.ScalingFactor, scale.ShiftFactor));
            return decoder.Run(shape, [latents])[0];
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

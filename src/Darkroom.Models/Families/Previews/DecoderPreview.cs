using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families.Previews;

/// <summary>
/// The model's own decoder, for one so small that running it is cheap, in a session of its own: opened with the first preview, on the CPU, with one
/// thread, so that the device never waits for it.
/// </summary>
public sealed class DecoderPreview(string path, AutoencoderScale scale) : ILatentPreview
{
    /// <summary>Bytes of a decoder that is small: 64 to 128 times less than that of Stable Diffusion.</summary>
    public const long LargestFile = 2 << 20;

    private readonly Lock gate = new();
    private LatentDecoder? decoder;
    private bool disposed;

    /// <summary>Whether the file is there and small, with its weights in it.</summary>
    public static bool Suits(string path) => new FileInfo(path) is { Exists: true, Length: <= LargestFile } && !File.Exists(path + "_data") && !File.Exists(path + ".data");

    public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
    {
        lock (gate)
        {
            // A model may be let go while a preview of it is due.
            ObjectDisposedException.ThrowIf(disposed, this);
            decoder ??= OnnxGraph.Load(path, new SessionSettings { Threads = 1 }).As(graph => new LatentDecoder(graph, scale.ScalingFactor, scale.ShiftFactor));
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

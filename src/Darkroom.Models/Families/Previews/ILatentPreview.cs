using Darkroom.Diffusion.Tensors;

namespace Darkroom.Models.Families.Previews;

/// <summary>A quick look at latents on their way. It runs beside the device's own thread, on one core at most, and shares nothing with it.</summary>
public interface ILatentPreview : IDisposable
{
    /// <summary>Latents of one row, C · h · w values, as a small picture in [−1, 1], not clamped.</summary>
    /// <exception cref="Sessions.GraphException">A network was asked, and refused.</exception>
    DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents);
}

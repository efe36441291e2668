using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// The picture between two passes: decoded from the first, enlarged by an upscaler until it covers the second canvas, brought to its size by Lanczos with what
/// stands over cut off evenly, and encoded.
/// </summary>
/// <param name="row">The row.</param>
internal sealed class BetweenPasses(RowMemory row) : IEncodedInputs
{
    private Picture? picture;

    public int Width => row.Request.Hires!.Width;

    public int Height => row.Request.Hires!.Height;

    public IReadOnlyList<float[]> Inputs { get; private set; } = [];

    public EncodedPicture?[] Encoded { get; private set; } = [];

    /// <summary>What the first pass painted, later as it was enlarged.</summary>
    public Picture Picture
    {
        get => picture ??= PixelConversion.FromNetwork(row.Painted!.Values, row.Painted.Width, row.Painted.Height);
        set => picture = value;
    }

    /// <summary>The run of an upscaler that it takes; null where latents are enlarged as they are.</summary>
    public static UpscaleOrder? UpscaleOf(GenerationRequest request) =>
        request.Hires is { IsLatent: false } hires ? new(hires.Upscaler, hires.FactorFrom(request.Width, request.Height)) : null;

    public void Open()
    {
        Inputs = [PixelConversion.ToNetwork(PictureFit.To(Picture, Width, Height, ResizeMode.Crop))];
        Encoded = new EncodedPicture?[1];
        (picture, row.Painted) = (null, null); // they are large
    }
}

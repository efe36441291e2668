namespace Darkroom.Imaging.Canvas;

/// <summary>One canvas of the denoiser.</summary>
/// <param name="Window">Where it lies on the working canvas.</param>
/// <param name="Fresh">What it paints, on the working canvas: parts that do not overlap, inside of the window. The rest of the window stands already.</param>
public sealed record OutpaintPass(PixelRect Window, IReadOnlyList<PixelRect> Fresh);

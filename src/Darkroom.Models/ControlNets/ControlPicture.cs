namespace Darkroom.Models.ControlNets;

/// <summary>A picture as one ControlNet is shown it for one row, and what the network made of it once for all steps.</summary>
/// <param name="values">RGB in [0, 1]. // [3, H, W]</param>
/// <param name="width">Pixels, as many as are denoised.</param>
/// <param name="height">Pixels, as many as are denoised.</param>
public sealed class ControlPicture(ReadOnlyMemory<float> values, int width, int height)
{
    public ReadOnlyMemory<float> Values => values;

    public int Width => width;

    public int Height => height;

    /// <summary>[C, h, w]; empty until it was shown.</summary>
    internal float[] Hint { get; set; } = [];
}

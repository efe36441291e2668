namespace Darkroom.Diffusion.Tensors;

/// <summary>Size of one row's latents, in latent cells. Memory is row-major: channel, then line, then column.</summary>
public readonly record struct LatentShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values: C · h · w.</summary>
    public int Length => checked(Channels * Height * Width);

    public override string ToString() => $"[{Channels}, {Height}, {Width}]";
}

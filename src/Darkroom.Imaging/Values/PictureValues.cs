namespace Darkroom.Imaging.Values;

/// <summary>
/// A picture as the numbers that a network takes and gives, with any number of channels and no meaning of colours: what 8 bits of three channels cannot hold.
/// </summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Planes">
/// [C, H, W], from the top line down; −1 is the least that a file of whole numbers can say and 1 the most. A network's own may lie beyond.
/// </param>
public sealed record PictureValues(int Width, int Height, float[] Planes)
{
    /// <summary>1…16</summary>
    public int Channels => Planes.Length / (Width * Height);
}

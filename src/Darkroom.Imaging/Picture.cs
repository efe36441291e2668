namespace Darkroom.Imaging;

/// <summary>A decoded picture: 8 bits a channel, interleaved, line by line from the top.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.</param>
/// <param name="Pixels">Width · Height · Channels bytes.</param>
public sealed record Picture(int Width, int Height, int Channels, byte[] Pixels);

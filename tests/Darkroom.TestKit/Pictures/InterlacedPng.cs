using System.IO.Compression;

namespace Darkroom.TestKit.Pictures;

/// <summary>
/// PNG files in Adam7's seven passes (PNG specification, section 8), colour and alpha of 16 bits: as much work for a decoder as a size allows.
/// </summary>
public static class InterlacedPng
{
    private const int Pixel = 8; // bytes
    private const byte Paeth = 4;

    private static readonly (int X, int Y, int StepX, int StepY)[] Passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2)];

    /// <param name="fill">Fills a line's bytes; the same for every line of a pass would compress to nothing.</param>
    public static byte[] Of(int width, int height, Action<byte[]> fill)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            foreach (var (x, y, stepX, stepY) in Passes)
            {
                int across = (width - x + stepX - 1) / stepX, down = (height - y + stepY - 1) / stepY;
                if (across <= 0) continue;
                byte[] line = new byte[across * Pixel];
                for (int row = 0; row < down; row++)
                {
                    fill(line);
                    stream.WriteByte(Paeth);
                    stream.Write(line);
                }
            }
        return PngBuilder.File(PngBuilder.Header((uint)width, (uint)height, 16, 6, interlace: 1), PngBuilder.Chunk("IDAT", packed.ToArray()), PngBuilder.End);
    }
}

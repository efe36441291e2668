namespace Darkroom.Imaging.Rows;

/// <summary>Rows become a picture.</summary>
public sealed class PictureRows(int width, int height, int channels) : IPixelRows
{
    private readonly byte[] pixels = GC.AllocateUninitializedArray<byte>(checked(width * height * channels));
    private int filled;

    public void Take(ReadOnlySpan<byte> row)
    {
        row.CopyTo(pixels.AsSpan(filled, width * channels));
        filled += row.Length;
    }

    /// <exception cref="InvalidOperationException">Rows are missing.</exception>
    public Picture ToPicture() => filled == pixels.Length
        ? new Picture(width, height, channels, pixels)
        : throw new InvalidOperationException($"{filled} of {pixels.Length} bytes are there.");
}

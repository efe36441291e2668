namespace Darkroom.Imaging.Rows;

/// <summary>Takes a picture line by line from the top, so that nobody on the way has to hold all of it.</summary>
public interface IPixelRows
{
    /// <param name="row">Width · channels bytes, interleaved; valid inside the call only.</param>
    void Take(ReadOnlySpan<byte> row);
}

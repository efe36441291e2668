namespace Darkroom.Imaging.Resize;

/// <summary>Takes the pixel under the centre of the new one.</summary>
internal static class NearestPass
{
    public static Picture Run(Picture picture, int width, int height)
    {
        int channels = picture.Channels;
        int[] columns = Positions(picture.Width, width), rows = Positions(picture.Height, height);
        var resized = Picture.Blank(width, height, channels);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> source = picture.Row(rows[y]);
            var target = resized.Row(y);
            for (int x = 0; x < width; x++) source.Slice(columns[x] * channels, channels).CopyTo(target[(x * channels)..]);
        }
        return resized;
    }

    // Pillow adds the step up instead of multiplying, and where a centre falls on an edge the sum's rounding decides.
    private static int[] Positions(int from, int to)
    {
        double step = (double)from / to, at = step * 0.5;
        int[] positions = new int[to];
        for (int i = 0; i < to; i++, at += step) positions[i] = Math.Min((int)at, from - 1);
        return positions;
    }
}

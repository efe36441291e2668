namespace Darkroom.Imaging.Tiles;

/// <summary>How much of a tile is seen at each place along one axis: all of it in its core, and near a seam a share that falls in a line. The shares of two neighbours add up to one.</summary>
internal static class FadeWeights
{
    /// <param name="start">Of the core, in output pixels.</param>
    /// <param name="end">Of the core.</param>
    /// <param name="length">Of the axis.</param>
    /// <param name="fade">On each side of a seam.</param>
    /// <returns>Where the tile is first seen, and its shares from there on.</returns>
    public static (int First, float[] Shares) Of(int start, int end, int length, int fade)
    {
        int first = start == 0 ? 0 : start - fade, last = end == length ? length : end + fade;
        float[] shares = new float[last - first];
        for (int i = 0; i < shares.Length; i++)
        {
            double share = 1, at = first + i + 0.5;
            if (start > 0 && at < start + fade) share = (at - (start - fade)) / (2 * fade);
            if (end < length && at > end - fade) share = Math.Min(share, (end + fade - at) / (2 * fade));
            shares[i] = (float)share;
        }
        return (first, shares);
    }
}

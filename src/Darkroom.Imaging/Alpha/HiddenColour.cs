namespace Darkroom.Imaging.Alpha;

/// <summary>
/// Fills the colours under alpha 0, which nobody sees but a network does: it would draw an edge where there is none, and the edge would show through
/// once the picture is larger. Push-pull (Gortler and others, The Lumigraph, 1996): means of
/// visible pixels on ever coarser grids, taken from the finest grid that has one.
/// </summary>
public static class HiddenColour
{
    /// <summary>The colours with those under alpha 0 replaced; others stand as they are. A picture that shows nothing at all is given back itself.</summary>
    /// <param name="colour">1 or 3 channels.</param>
    /// <param name="alpha">Its alpha, one channel.</param>
    public static Picture Fill(Picture colour, Picture alpha)
    {
        ArgumentNullException.ThrowIfNull(colour);
        ArgumentNullException.ThrowIfNull(alpha);
        if (!alpha.Pixels.Contains((byte)0) || !alpha.Pixels.AsSpan().ContainsAnyExcept((byte)0)) return colour;
        byte[] pixels = [.. colour.Pixels];
        for (int channel = 0; channel < colour.Channels; channel++) FillChannel(pixels, channel, colour, alpha.Pixels);
        return colour with { Pixels = pixels };
    }

    private static void FillChannel(byte[] pixels, int channel, Picture colour, byte[] alpha)
    {
        var coarse = new Grid((colour.Width + 1) / 2, (colour.Height + 1) / 2);
        for (int i = 0; i < alpha.Length; i++)
            coarse.Add(i % colour.Width / 2, i / colour.Width / 2, colour.Pixels[i * colour.Channels + channel], alpha[i]);
        coarse.Complete();
        for (int i = 0; i < alpha.Length; i++)
            if (alpha[i] == 0) pixels[i * colour.Channels + channel] = (byte)(coarse[i % colour.Width / 2, i / colour.Width / 2] + 0.5f);
    }

    /// <summary>Weighted means of two by two finer cells.</summary>
    private sealed class Grid(int width, int height)
    {
        private readonly float[] sums = new float[width * height];
        private readonly float[] weights = new float[width * height];

        public float this[int x, int y] => sums[y * width + x];

        public void Add(int x, int y, float value, float weight)
        {
            sums[y * width + x] += value * weight;
            weights[y * width + x] += weight;
        }

        /// <summary>Sums to means; cells without weight take the mean of the cell above them.</summary>
        public void Complete()
        {
            for (int i = 0; i < sums.Length; i++)
                if (weights[i] > 0) sums[i] /= weights[i];
            if (sums.Length == 1 || !weights.AsSpan().Contains(0f)) return;
            var coarser = new Grid((width + 1) / 2, (height + 1) / 2);
            // Any visible pixel counts as one cell from here on: near colours matter, not large areas.
            for (int i = 0; i < sums.Length; i++)
                if (weights[i] > 0) coarser.Add(i % width / 2, i / width / 2, sums[i], 1);
            coarser.Complete();
            for (int i = 0; i < sums.Length; i++)
                if (weights[i] == 0) sums[i] = coarser[i % width / 2, i / width / 2];
        }
    }
}

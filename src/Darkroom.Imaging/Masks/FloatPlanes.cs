namespace Darkroom.Imaging.Masks;

/// <summary>Colours times weight, and the weight, as floats: <c>[H, W, 4]</c>. What <see cref="SurroundingFill"/> blurs, for 8 bits leave nothing of a colour at a weight of 1 %.</summary>
internal sealed class FloatPlanes(int width, int height)
{
    private const int Channels = 4;

    public float[] Values { get; private set; } = new float[width * height * Channels];

    private float[] _other = new float[width * height * Channels];

    /// <summary>A Gaussian as three whole-pixel boxes; beyond the edge lies nothing, so that weights stay true.</summary>
    public FloatPlanes Blurred(int sigma)
    {
        var blurred = new FloatPlanes(width, height) { Values = [.. Values] };
        int radius = (int)Math.Round((Math.Sqrt(4.0 * sigma * sigma + 1) - 1) / 2);
        for (int pass = 0; pass < 3 && radius > 0; pass++)
        {
            blurred.Box(radius, count: width, lines: height, step: Channels, lineStep: width * Channels);
            blurred.Box(radius, count: height, lines: width, step: width * Channels, lineStep: Channels);
        }
        return blurred;
    }

    private void Box(int radius, int count, int lines, int step, int lineStep)
    {
        float share = 1f / (2 * radius + 1);
        for (int line = 0; line < lines; line++)
            for (int channel = 0; channel < Channels; channel++)
            {
                int start = line * lineStep + channel;
                // In double, for what enters and leaves must cancel.
                double sum = 0;
                for (int i = 0; i < Math.Min(radius, count); i++) sum += Values[start + i * step];
                for (int i = 0; i < count; i++)
                {
                    if (i + radius < count) sum += Values[start + (i + radius) * step];
                    if (i - radius > 0) sum -= Values[start + (i - radius - 1) * step];
                    _other[start + i * step] = (float)sum * share;
                }
            }
        (Values, _other) = (_other, Values);
    }
}

namespace Darkroom.Imaging.Values;

/// <summary>
/// Between whole numbers of 8 or 16 bits, interleaved as files have them, and a network's planes in [−1, 1]: 2 · (x / max) − 1 and
/// round(clamp(x / 2 + 0.5, 0, 1) · max), halves to even, all in float32 as <see cref="PixelConversion"/> does for colours. Every one of the 65,536 values of
/// 16 bits comes back as it was: what is lost on the way is less than a hundredth of a step.
/// </summary>
internal static class ValueConversion
{
    public static PictureValues FromBytes(ReadOnlySpan<byte> interleaved, int width, int height)
    {
        float[] planes = new float[interleaved.Length];
        int plane = width * height, channels = planes.Length / plane;
        for (int i = 0; i < planes.Length; i++) planes[i % channels * plane + i / channels] = Of(interleaved[i], byte.MaxValue);
        return new(width, height, planes);
    }

    public static PictureValues FromShorts(ReadOnlySpan<ushort> interleaved, int width, int height)
    {
        float[] planes = new float[interleaved.Length];
        int plane = width * height, channels = planes.Length / plane;
        for (int i = 0; i < planes.Length; i++) planes[i % channels * plane + i / channels] = Of(interleaved[i], ushort.MaxValue);
        return new(width, height, planes);
    }

    public static float Of(int value, float max) => 2f * (value / max) - 1f;

    public static byte[] ToBytes(PictureValues values)
    {
        byte[] interleaved = new byte[values.Planes.Length];
        int plane = values.Width * values.Height, channels = values.Channels;
        for (int i = 0; i < interleaved.Length; i++) interleaved[i] = (byte)Whole(values.Planes[i % channels * plane + i / channels], byte.MaxValue);
        return interleaved;
    }

    public static ushort[] ToShorts(PictureValues values)
    {
        ushort[] interleaved = new ushort[values.Planes.Length];
        int plane = values.Width * values.Height, channels = values.Channels;
        for (int i = 0; i < interleaved.Length; i++) interleaved[i] = (ushort)Whole(values.Planes[i % channels * plane + i / channels], ushort.MaxValue);
        return interleaved;
    }

    /// <summary>As they are, beyond [−1, 1] too.</summary>
    public static float[] Interleaved(PictureValues values)
    {
        if (values.Channels == 1) return values.Planes;
        float[] interleaved = new float[values.Planes.Length];
        int plane = values.Width * values.Height, channels = values.Channels;
        for (int i = 0; i < interleaved.Length; i++) interleaved[i] = values.Planes[i % channels * plane + i / channels];
        return interleaved;
    }

    private static float Whole(float value, float max) =>
        MathF.Round(float.MinNumber(float.MaxNumber(value * 0.5f + 0.5f, 0f), 1f) * max, MidpointRounding.ToEven);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Darkroom.Imaging;

/// <summary>Between a network's planes of floats in [-1, 1] and a picture's interleaved bytes, rounded as diffusers' VaeImageProcessor does.</summary>
public static class PixelConversion
{
    /// <summary>Pixels that one round of the vector loop takes from every plane.</summary>
    private const int Stride = 16;

    private static readonly float[] NetworkValues = [.. Enumerable.Range(0, 256).Select(value => 2f * (value / 255f) - 1f)];

    // Byte i of the k-th 16 of an interleaved run is channel (16k + i) % 3 of pixel (16k + i) / 3.
    private static readonly Vector128<byte>[] Interleave = [.. Enumerable.Range(0, 9).Select(index => Pick(part: index / 3, channel: index % 3))];

    /// <summary>round(clamp(x / 2 + 0.5, 0, 1) · 255), halves to even, all in float32; NaN is black.</summary>
    /// <param name="chw">One or three planes, <c>[C, H, W]</c>.</param>
    /// <exception cref="ArgumentException">The length is neither one nor three planes.</exception>
    public static Picture FromNetwork(ReadOnlySpan<float> chw, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        long plane = (long)width * height;
        if (chw.Length != plane && chw.Length != 3 * plane)
            throw new ArgumentException($"{chw.Length} values are neither one nor three planes of {width} x {height}.", nameof(chw));
        byte[] pixels = GC.AllocateUninitializedArray<byte>(chw.Length);
        int count = (int)plane;
        if (chw.Length == count) FromGrey(chw, pixels);
        else FromPlanes(chw[..count], chw.Slice(count, count), chw[(2 * count)..], pixels);
        return new Picture(width, height, chw.Length / count, pixels);
    }

    /// <summary>2 · (x / 255) - 1 in float32, in this order, so that values equal diffusers' bit for bit.</summary>
    /// <param name="picture">One or three channels.</param>
    /// <param name="chw">Takes the planes, <c>[C, H, W]</c>.</param>
    /// <exception cref="ArgumentException">Alpha, or a destination of another length.</exception>
    public static void ToNetwork(Picture picture, Span<float> chw)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var (channels, pixels) = (picture.Channels, picture.Pixels);
        if (channels is not (1 or 3)) throw new ArgumentException($"A network takes 1 or 3 channels, not {channels}.", nameof(picture));
        if (chw.Length != pixels.Length) throw new ArgumentException($"{pixels.Length} values do not fit {chw.Length}.", nameof(chw));
        int plane = pixels.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            var target = chw.Slice(channel * plane, plane);
            for (int i = 0, from = channel; i < target.Length; i++, from += channels) target[i] = NetworkValues[pixels[from]];
        }
    }

    /// <inheritdoc cref="ToNetwork(Picture, Span{float})"/>
    /// <returns>The planes, <c>[C, H, W]</c>.</returns>
    public static float[] ToNetwork(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        float[] chw = new float[picture.Pixels.Length];
        ToNetwork(picture, chw);
        return chw;
    }

    private static void FromGrey(ReadOnlySpan<float> grey, Span<byte> pixels)
    {
        int i = 0;
        for (; i <= grey.Length - Stride; i += Stride) ToBytes(grey[i..]).CopyTo(pixels[i..]);
        for (; i < grey.Length; i++) pixels[i] = ToByte(grey[i]);
    }

    private static void FromPlanes(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<byte> pixels)
    {
        int i = 0;
        for (; i <= red.Length - Stride; i += Stride)
        {
            var (r, g, b) = (ToBytes(red[i..]), ToBytes(green[i..]), ToBytes(blue[i..]));
            var target = pixels.Slice(3 * i, 3 * Stride);
            for (int part = 0; part < 3; part++)
                (Vector128.Shuffle(r, Interleave[3 * part]) | Vector128.Shuffle(g, Interleave[3 * part + 1]) | Vector128.Shuffle(b, Interleave[3 * part + 2]))
                    .CopyTo(target[(part * Stride)..]);
        }
        for (; i < red.Length; i++)
        {
            pixels[3 * i] = ToByte(red[i]);
            pixels[3 * i + 1] = ToByte(green[i]);
            pixels[3 * i + 2] = ToByte(blue[i]);
        }
    }

    private static byte ToByte(float value) =>
        (byte)MathF.Round(float.MinNumber(float.MaxNumber(value * 0.5f + 0.5f, 0f), 1f) * 255f, MidpointRounding.ToEven);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ToBytes(ReadOnlySpan<float> values) =>
        Vector128.Narrow(
            Vector128.Narrow(ToInts(values), ToInts(values[4..])),
            Vector128.Narrow(ToInts(values[8..]), ToInts(values[12..])));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToInts(ReadOnlySpan<float> values)
    {
        var unit = Vector128.Create(values) * 0.5f + Vector128.Create(0.5f);
        var clamped = Vector128.MinNumber(Vector128.MaxNumber(unit, Vector128<float>.Zero), Vector128<float>.One);
        return Vector128.ConvertToInt32(Vector128.Round(clamped * 255f)).AsUInt32();
    }

    // An index past the end makes Shuffle write zero, which leaves room for the other channels.
    private static Vector128<byte> Pick(int part, int channel)
    {
        Span<byte> indices = stackalloc byte[Stride];
        for (int i = 0; i < Stride; i++)
        {
            int at = part * Stride + i;
            indices[i] = at % 3 == channel ? (byte)(at / 3) : byte.MaxValue;
        }
        return Vector128.Create<byte>(indices);
    }
}

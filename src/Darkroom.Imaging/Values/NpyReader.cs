using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Darkroom.Imaging.Decoding;

namespace Darkroom.Imaging.Values;

/// <summary>Values of an array file whose header has passed. Whole numbers are the whole range of a network; floats are its own, in [−1, 1].</summary>
internal static class NpyReader
{
    /// <param name="file">The whole file.</param>
    /// <param name="array">Its header.</param>
    /// <param name="channels">Channels that the picture is to have, which tell [C, H, W] from [H, W, C].</param>
    /// <param name="values">What it holds.</param>
    /// <param name="fault">Why nothing: a value that is not finite or beyond the range, other channels.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> file, NpyHeader array, int channels, [NotNullWhen(true)] out PictureValues? values, [NotNullWhen(false)] out PictureFault? fault)
    {
        values = null;
        var axes = array.AxesFor(channels);
        if (axes.Channels != channels)
        {
            fault = new(PictureFaultKind.OtherChannels,
                $"The npy file's shape is {array.ShapeText}, which has {axes.Channels} channels; {channels} are needed.", axes.Channels, channels);
            return false;
        }
        var data = file[array.Start..];
        var (row, column, channel) = Strides(array, axes);
        float[] planes = new float[axes.Channels * axes.Height * axes.Width];
        int to = 0;
        for (int c = 0; c < axes.Channels; c++)
            for (int y = 0; y < axes.Height; y++)
                for (int x = 0; x < axes.Width; x++)
                {
                    float value = Value(data, array, c * channel + y * row + x * column);
                    // Written so that NaN is outside, too.
                    if (!(value is >= -1 and <= 1))
                    {
                        fault = Outside(value, array, axes, c, y, x);
                        return false;
                    }
                    planes[to++] = value;
                }
        (values, fault) = (new(axes.Width, axes.Height, planes), null);
        return true;
    }

    // Values from one to the next along rows, columns and channels.
    private static (int Row, int Column, int Channel) Strides(NpyHeader array, NpyAxes axes)
    {
        Span<int> strides = stackalloc int[array.Shape.Count];
        int step = 1;
        for (int i = 0; i < strides.Length; i++)
        {
            int axis = array.IsFortran ? i : strides.Length - 1 - i;
            strides[axis] = step;
            step *= array.Shape[axis];
        }
        return strides.Length == 2 ? (strides[0], strides[1], 0)
            : axes.IsPlanar ? (strides[1], strides[2], strides[0])
            : (strides[0], strides[1], strides[2]);
    }

    private static float Value(ReadOnlySpan<byte> data, NpyHeader array, int index) => array.Kind switch
    {
        NpyKind.Byte => ValueConversion.Of(data[index], byte.MaxValue),
        NpyKind.Short => ValueConversion.Of(
            array.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(data[(2 * index)..]) : BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * index)..]),
            ushort.MaxValue),
        NpyKind.Float =>
            array.IsBigEndian ? BinaryPrimitives.ReadSingleBigEndian(data[(4 * index)..]) : BinaryPrimitives.ReadSingleLittleEndian(data[(4 * index)..]),
        _ => (float)(
            array.IsBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(data[(8 * index)..]) : BinaryPrimitives.ReadDoubleLittleEndian(data[(8 * index)..])),
    };

    private static PictureFault Outside(float value, NpyHeader array, NpyAxes axes, int c, int y, int x)
    {
        string at = array.Shape.Count == 2 ? $"[{y}, {x}]" : axes.IsPlanar ? $"[{c}, {y}, {x}]" : $"[{y}, {x}, {c}]";
        string what = float.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture)
            : float.IsNaN(value) ? "not a number" : value > 0 ? "infinity" : "-infinity";
        return new(PictureFaultKind.ValueOutOfRange, $"The npy file's value at {at} is {what}; floats of a picture are finite and lie in -1…1.");
    }
}

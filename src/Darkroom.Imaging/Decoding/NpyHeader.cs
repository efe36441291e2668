namespace Darkroom.Imaging.Decoding;

/// <summary>What the header of an array file says (numpy's format, NEP 1).</summary>
/// <param name="Kind">How its values are written.</param>
/// <param name="IsBigEndian">Whether the highest byte of a value comes first.</param>
/// <param name="IsFortran">Whether the first axis is the one whose values lie side by side.</param>
/// <param name="Shape">Two or three sides, 1 or more each.</param>
/// <param name="Start">Where the values begin, in bytes.</param>
internal sealed record NpyHeader(NpyKind Kind, bool IsBigEndian, bool IsFortran, IReadOnlyList<int> Shape, int Start)
{
    /// <summary>Channels that a picture has at most.</summary>
    public const int MaxChannels = 16;

    /// <summary>Bytes of a value.</summary>
    public int Size => Kind switch { NpyKind.Byte => 1, NpyKind.Short => 2, NpyKind.Float => 4, _ => 8 };

    /// <summary>As numpy prints it: <c>(64, 64, 3)</c>.</summary>
    public string ShapeText => $"({string.Join(", ", Shape)})";

    /// <summary>
    /// Which axis is which. [H, W] is one channel. Of three axes the channels are the last, [H, W, C], unless only the first has as many as asked, or the last
    /// has more than any picture: then it is [C, H, W].
    /// </summary>
    /// <param name="channels">Channels that a model's pictures have; null: not known.</param>
    public NpyAxes AxesFor(int? channels)
    {
        if (Shape is [var height, var width]) return new(height, width, 1, IsPlanar: false);
        var (first, last) = (Shape[0], Shape[2]);
        bool isPlanar = last != channels && (first == channels || (last > MaxChannels && first <= MaxChannels));
        return isPlanar ? new(Shape[1], last, first, true) : new(first, Shape[1], last, false);
    }
}

/// <summary>Values of an array: <c>|u1</c>, <c>u2</c>, <c>f4</c>, <c>f8</c>.</summary>
internal enum NpyKind { Byte, Short, Float, Double }

/// <summary>Sides of an array as those of a picture.</summary>
/// <param name="IsPlanar">Whether the channels come first.</param>
internal readonly record struct NpyAxes(int Height, int Width, int Channels, bool IsPlanar);

using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Darkroom.Imaging.Decoding;

/// <summary>
/// Reads the header of an array file, versions 1.0 to 3.0: a line of Python with <c>descr</c>, <c>fortran_order</c> and <c>shape</c>. It is held to that, to
/// the limits and to the length of the file, so that nothing is ever allocated because a header says so.
/// </summary>
internal ref struct NpyHeaderReader(ReadOnlySpan<byte> file, PictureLimits limits)
{
    /// <summary>Bytes; numpy writes 118 for a picture.</summary>
    public const int MaxHeader = 4096;

    private const string Kinds = "uint8 (|u1), uint16 (<u2, >u2), float32 (<f4, >f4) and float64 (<f8, >f8) are";

    private readonly ReadOnlySpan<byte> bytes = file;
    private string line = "";
    private int at;

    public PictureFault? Read(out PictureHeader? header)
    {
        header = null;
        if (ReadLine(out int start) is { } fault) return fault;
        string? type = null;
        bool? isFortran = null;
        List<long>? shape = null;
        if (!Take('{')) return Broken("its header does not begin with {");
        while (!Take('}'))
        {
            if (Quoted() is not { } key || !Take(':')) return Broken($"no key and colon stand at character {at} of its header");
            switch (key)
            {
                case "descr" when type is null:
                    if (Peek('[')) return PictureFault.Unsupported(PictureFormat.Npy, "its values have several parts");
                    if ((type = Quoted()) is null) return Broken("descr is no text");
                    break;
                case "fortran_order" when isFortran is null:
                    if ((isFortran = Truth()) is null) return Broken("fortran_order is neither True nor False");
                    break;
                case "shape" when shape is null:
                    if ((shape = Tuple()) is null) return Broken("shape is no tuple of whole numbers");
                    break;
                default:
                    return Broken($"its header has a second or unknown key '{Short(key)}'");
            }
            if (!Take(',') && !Peek('}')) return Broken($"no comma stands at character {at} of its header");
        }
        Blank();
        if (at < line.Length) return Broken($"more than blanks follow its header, at character {at}");
        if (type is null || isFortran is null || shape is null)
            return Broken($"its header has no {(type is null ? "descr" : shape is null ? "shape" : "fortran_order")}");
        return Check(type, isFortran.Value, shape, start, out header);
    }

    private PictureFault? ReadLine(out int start)
    {
        start = 0;
        if (bytes.Length < 10) return PictureFault.Truncated(PictureFormat.Npy, "its header is missing");
        var (major, minor) = (bytes[6], bytes[7]);
        if (major is < 1 or > 3 || minor != 0) return PictureFault.Unsupported(PictureFormat.Npy, $"version {major}.{minor}; 1.0, 2.0 and 3.0 are read");
        start = major == 1 ? 10 : 12;
        if (bytes.Length < start) return PictureFault.Truncated(PictureFormat.Npy, "its header is missing");
        long length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length > MaxHeader) return PictureFault.Beyond(PictureFaultKind.TooManyBytes, "The header of the npy file has", length, MaxHeader, "bytes");
        if (length > bytes.Length - start)
            return PictureFault.Truncated(PictureFormat.Npy, $"its header says {length} bytes, and {bytes.Length - start} follow");
        line = Encoding.Latin1.GetString(bytes.Slice(start, (int)length)); // names of keys and types are ASCII in every version
        start += (int)length;
        return null;
    }

    private readonly PictureFault? Check(string type, bool isFortran, List<long> shape, int start, out PictureHeader? header)
    {
        header = null;
        NpyKind? kind = type switch
        {
            "|u1" or "<u1" or ">u1" => NpyKind.Byte,
            "<u2" or ">u2" => NpyKind.Short,
            "<f4" or ">f4" => NpyKind.Float,
            "<f8" or ">f8" => NpyKind.Double,
            _ => null,
        };
        if (kind is null) return PictureFault.Unsupported(PictureFormat.Npy, $"values of type '{Short(type)}'; {Kinds}");
        if (shape.Count is not (2 or 3))
            return PictureFault.Unsupported(PictureFormat.Npy, $"{shape.Count} axes; [H, W], [H, W, C] and [C, H, W] are");
        // A side that is far too long for a picture is told as one, before anything is multiplied.
        int[] sides = [.. shape.Select(side => (int)Math.Min(side, int.MaxValue))];
        var array = new NpyHeader(kind.Value, type[0] == '>', isFortran, sides, start);
        var axes = array.AxesFor(null);
        if (axes.Channels > NpyHeader.MaxChannels)
            return PictureFault.Beyond(
                PictureFaultKind.TooManyChannels, $"The npy file's shape is {array.ShapeText}:", axes.Channels, NpyHeader.MaxChannels, "channels");
        if (axes.Channels == 0) return new PictureFault(PictureFaultKind.Empty, $"The npy file's shape is {array.ShapeText}: it has no values.", 0);
        if (PictureFault.OfSize(axes.Width, axes.Height, limits) is { } fault) return fault;
        long wanted = (long)axes.Width * axes.Height * axes.Channels * array.Size, has = bytes.Length - start;
        string says = string.Create(CultureInfo.InvariantCulture, $"{array.ShapeText} of '{type}' takes {wanted} bytes, and {has} follow its header");
        if (has < wanted) return PictureFault.Truncated(PictureFormat.Npy, says);
        if (has > wanted) return Broken(says);
        header = new PictureHeader(PictureFormat.Npy, axes.Width, axes.Height, 1)
        {
            Array = array,
            Bits = kind switch { NpyKind.Byte => 8, NpyKind.Short => 16, _ => 32 },
            Essential = [Range.EndAt(bytes.Length)],
        };
        return null;
    }

    private static PictureFault Broken(string detail) => PictureFault.Broken(PictureFormat.Npy, detail);

    private static string Short(string text) => text.Length <= 24 ? text : text[..24] + "…";

    private void Blank()
    {
        while (at < line.Length && line[at] is ' ' or '\n' or '\t' or '\r') at++;
    }

    private bool Peek(char sign)
    {
        Blank();
        return at < line.Length && line[at] == sign;
    }

    private bool Take(char sign)
    {
        if (!Peek(sign)) return false;
        at++;
        return true;
    }

    private string? Quoted()
    {
        char sign = Peek('\'') ? '\'' : '"';
        if (!Peek(sign)) return null;
        int end = line.IndexOf(sign, at + 1);
        if (end < 0) return null;
        string text = line[(at + 1)..end];
        at = end + 1;
        return text;
    }

    private bool? Truth()
    {
        Blank();
        foreach (var (word, value) in ((string, bool)[])[("True", true), ("False", false)])
            if (line.AsSpan(at).StartsWith(word, StringComparison.Ordinal))
            {
                at += word.Length;
                return value;
            }
        return null;
    }

    private List<long>? Tuple()
    {
        if (!Take('(')) return null;
        var sides = new List<long>();
        while (!Take(')'))
        {
            Blank();
            int end = at;
            while (end < line.Length && char.IsAsciiDigit(line[end])) end++;
            // A number of more digits than any length of a file is none.
            if (end - at is 0 or > 15 || sides.Count == 32) return null;
            sides.Add(long.Parse(line.AsSpan(at, end - at), CultureInfo.InvariantCulture));
            at = end;
            if (!Take(',') && !Peek(')')) return null;
        }
        return sides;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Darkroom.Imaging.Decoding;

/// <summary>
/// Cuts a file down to what its pixels are made of. Profiles, EXIF and texts are where native libraries have been hurt most often; here they never see them.
/// </summary>
internal sealed class EssentialParts
{
    private readonly List<Range> parts = [];

    public IReadOnlyList<Range> Parts => parts;

    public void Add(int start, int length)
    {
        if (parts.Count > 0 && parts[^1].End.Value == start) parts[^1] = parts[^1].Start..(start + length);
        else parts.Add(start..(start + length));
    }

    /// <summary>The file with nothing else; the array itself where there is nothing else.</summary>
    public static byte[] Join(ReadOnlyMemory<byte> file, PictureHeader header)
    {
        bool whole = header.Essential is [var only] && only.Equals(..file.Length);
        if (whole && MemoryMarshal.TryGetArray(file, out var segment)
            && segment is { Array: { } array, Offset: 0 } && segment.Count == array.Length)
            return array;
        byte[] joined = new byte[header.Essential.Sum(part => part.End.Value - part.Start.Value)];
        int at = 0;
        foreach (var part in header.Essential)
        {
            file.Span[part].CopyTo(joined.AsSpan(at));
            at += part.End.Value - part.Start.Value;
        }
        if (header.Format == PictureFormat.Webp) Repair(joined, header.Frame);
        return joined;
    }

    // The RIFF size counts what is left, the flags of the extended header keep alpha alone, and the canvas is that of the one frame.
    private static void Repair(Span<byte> webp, PixelRect? frame)
    {
        const byte alpha = 0x10;
        BinaryPrimitives.WriteInt32LittleEndian(webp[4..], webp.Length - 8);
        if (!webp[12..].StartsWith("VP8X"u8)) return;
        webp[20] &= alpha;
        if (frame is not { } canvas) return;
        BinaryPrimitives.WriteInt32LittleEndian(webp[24..], canvas.Width - 1);
        BinaryPrimitives.WriteUInt16LittleEndian(webp[27..], (ushort)(canvas.Height - 1));
        webp[29] = 0;
    }
}

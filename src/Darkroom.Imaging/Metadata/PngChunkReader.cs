using System.Buffers.Binary;

namespace Darkroom.Imaging.Metadata;

/// <summary>Walks the chunks of a PNG file for <c>foreach</c>; a chunk that is not all there ends the walk. CRCs are not looked at.</summary>
internal ref struct PngChunkReader(ReadOnlySpan<byte> png)
{
    private ReadOnlySpan<byte> rest = png[Math.Min(PictureInfo.PngSignature.Length, png.Length)..];

    public Chunk Current { get; private set; }

    public readonly PngChunkReader GetEnumerator() => this;

    public bool MoveNext()
    {
        if (rest.Length < 12) return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(rest);
        if (length > rest.Length - 12) return false;
        Current = new Chunk(rest[..(12 + (int)length)]);
        // What follows IEND is not part of the picture.
        rest = Current.Is("IEND"u8) ? default : rest[Current.Whole.Length..];
        return true;
    }

    /// <summary>Length, type, data and CRC.</summary>
    public readonly ref struct Chunk(ReadOnlySpan<byte> whole)
    {
        public ReadOnlySpan<byte> Whole { get; } = whole;

        public ReadOnlySpan<byte> Type => Whole.Slice(4, 4);

        public ReadOnlySpan<byte> Data => Whole[8..^4];

        public bool Is(ReadOnlySpan<byte> type) => Type.SequenceEqual(type);
    }
}

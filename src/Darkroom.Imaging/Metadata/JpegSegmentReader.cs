using System.Buffers.Binary;

namespace Darkroom.Imaging.Metadata;

/// <summary>Walks the segments of a JPEG file before its picture for <c>foreach</c>; one that is not all there ends the walk.</summary>
internal ref struct JpegSegmentReader(ReadOnlySpan<byte> jpeg)
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA;

    private ReadOnlySpan<byte> rest = jpeg[Math.Min(2, jpeg.Length)..];

    public Segment Current { get; private set; }

    public readonly JpegSegmentReader GetEnumerator() => this;

    public bool MoveNext()
    {
        // A marker may be led by any number of fill bytes.
        while (rest.Length >= 4 && rest[0] == 0xFF && rest[1] == 0xFF) rest = rest[1..];
        if (rest.Length < 4 || rest[0] != 0xFF) return false;
        byte marker = rest[1];
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
        if (marker is StartOfImage or EndOfImage or StartOfScan || length < 2 || length > rest.Length - 2) return false;
        Current = new Segment(marker, rest.Slice(4, length - 2));
        rest = rest[(2 + length)..];
        return true;
    }

    /// <param name="marker">The byte after 0xFF.</param>
    /// <param name="data">What follows the length.</param>
    public readonly ref struct Segment(byte marker, ReadOnlySpan<byte> data)
    {
        public byte Marker { get; } = marker;

        public ReadOnlySpan<byte> Data { get; } = data;
    }
}

using System.Buffers.Binary;

namespace Darkroom.TestKit.Pictures;

/// <summary>JPEG files that are no pictures.</summary>
public static class BadJpegs
{
    public static IEnumerable<BadPicture> All(GoodPictures good) =>
        [.. Truncated("jpeg", good.Jpeg), .. Truncated("progressive jpeg", good.ProgressiveJpeg), .. Sizes(good.Jpeg), .. Frames(good.Jpeg), .. Segments(good)];

    /// <summary>Where markers stand, with their names; each kind once.</summary>
    private static IEnumerable<(byte Marker, int At, int Length)> SegmentsOf(byte[] jpeg)
    {
        for (int at = 2; jpeg[at + 1] != 0xD9;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2));
            yield return (jpeg[at + 1], at, length + 2);
            bool isScan = jpeg[at + 1] == 0xDA;
            at += length + 2;
            while (isScan && !(jpeg[at] == 0xFF && jpeg[at + 1] != 0)) at++;
        }
    }

    private static IEnumerable<BadPicture> Truncated(string name, byte[] jpeg)
    {
        foreach (var (marker, at, length) in SegmentsOf(jpeg).DistinctBy(segment => segment.Marker))
        {
            foreach (var (where, cut) in new[]
                { ("before", 0), ("in the marker of", 1), ("in the length of", 3), ("in the data of", length / 2), ("behind", length) })
                yield return new($"{name} cut {where} segment {marker:X2}", at + cut < 3 ? "UnknownFormat" : "Truncated", () => jpeg[..(at + cut)]);
            yield return new($"{name} whose segment {marker:X2} says no bytes", "Broken", () => With(jpeg, at + 2, 0, 0));
            yield return new($"{name} whose segment {marker:X2} says one byte", "Broken", () => With(jpeg, at + 2, 0, 1));
            yield return new($"{name} whose segment {marker:X2} says 65535 bytes", "Truncated|Broken", () => With(jpeg, at + 2, 0xFF, 0xFF));
        }
        foreach (int percent in new[] { 70, 80, 90, 99 })
            yield return new($"{name} cut after {percent} %", "Truncated", () => jpeg[..(jpeg.Length * percent / 100)]);
        yield return new($"{name} without its end marker", "Truncated", () => jpeg[..^2]);
        yield return new($"{name} cut within its end marker", "Truncated", () => jpeg[..^1]);
    }

    private static IEnumerable<BadPicture> Sizes(byte[] jpeg)
    {
        int frame = SegmentsOf(jpeg).First(segment => segment.Marker is 0xC0 or 0xC2).At;
        foreach (var (width, height, kind) in new[]
            { (0, 8, "Empty"), (8, 0, "Empty"), (8193, 1, "SideTooLong"), (1, 8193, "SideTooLong"), (65535, 65535, "SideTooLong"),
            (30000, 30000, "SideTooLong"), (8192, 8192, "AreaTooLarge"), (4097, 4096, "AreaTooLarge") })
            yield return new($"jpeg of {width} x {height}", kind, () =>
                With(jpeg, frame + 5, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width));
    }

    private static IEnumerable<BadPicture> Frames(byte[] jpeg)
    {
        var (_, frame, length) = SegmentsOf(jpeg).First(segment => segment.Marker is 0xC0 or 0xC2);
        foreach (byte marker in new byte[] { 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF })
            yield return new($"jpeg with a frame {marker:X2}", "Unsupported", () => With(jpeg, frame + 1, marker));
        foreach (byte bits in new byte[] { 9, 12, 16, 255 })
            yield return new($"jpeg of {bits} bits", "TooManyBits", () => With(jpeg, frame + 4, bits));
        foreach (byte bits in new byte[] { 0, 1, 7 })
            yield return new($"jpeg of {bits} bits", "Broken", () => With(jpeg, frame + 4, bits));
        foreach (byte channels in new byte[] { 0, 1, 2, 4, 255 })
            yield return new($"jpeg that says {channels} channels in a frame of three", "Broken", () => With(jpeg, frame + 9, channels));
        yield return new("jpeg of two channels", "Unsupported", () =>
            [.. jpeg[..frame], 0xFF, 0xC0, 0, 14, 8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0, .. jpeg[(frame + length)..]]);
        yield return new("jpeg with two frames", "Broken", () => [.. jpeg[..(frame + length)], .. jpeg[frame..]]);
        yield return new("jpeg without a frame", "Broken", () => [.. jpeg[..frame], .. jpeg[(frame + length)..]]);
    }

    private static IEnumerable<BadPicture> Segments(GoodPictures good)
    {
        byte[] jpeg = good.Jpeg;
        yield return new("jpeg of nothing but two markers", "Broken", () => [0xFF, 0xD8, 0xFF, 0xD9]);
        yield return new("jpeg of fill bytes", "Truncated", () => [0xFF, 0xD8, .. Enumerable.Repeat((byte)0xFF, 10_000)]);
        yield return new("jpeg of zeros", "Broken", () => [0xFF, 0xD8, 0xFF, .. new byte[10_000]]);
        yield return new("jpeg with a second start", "Broken", () => [0xFF, 0xD8, .. jpeg]);
        yield return new("jpeg with noise behind its start", "Broken", () => [0xFF, 0xD8, 0xFF, 0xE0, 0, 2, .. BadPngs.Noise(500)]);
        yield return new("jpeg with a restart marker before its frame", "Broken", () => [0xFF, 0xD8, 0xFF, 0xD0, .. jpeg[2..]]);
        int frame = SegmentsOf(jpeg).First(segment => segment.Marker is 0xC0 or 0xC2).At, scan = SegmentsOf(jpeg).First(segment => segment.Marker == 0xDA).At;
        yield return new("jpeg with its scan before its frame", "Broken", () => [.. jpeg[..frame], .. jpeg[scan..^2], .. jpeg[frame..]]);
        yield return new("jpeg without a scan", "Broken", () => [.. jpeg[..scan], 0xFF, 0xD9]);
        yield return new("jpeg without tables", "Broken", () => [0xFF, 0xD8, .. jpeg[frame..(frame + 2 + jpeg[frame + 3])], .. jpeg[scan..]]);
        byte[] progressive = good.ProgressiveJpeg;
        int last = SegmentsOf(progressive).Last(segment => segment.Marker == 0xDA).At;
        yield return new("progressive jpeg of 1000 scans", "TooManyScans", () =>
            [.. progressive[..^2], .. Enumerable.Repeat(progressive[last..^2], 1000).SelectMany(part => part), 0xFF, 0xD9]);
        byte[] Segment(byte marker, byte[] data) => [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];
        byte[] profile = Segment(0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. new byte[65_000]]), exif = Segment(0xE1, [.. "Exif\0\0"u8, .. new byte[65_000]]);
        yield return new("jpeg with a colour profile of 5 MB", "ColourProfileTooLarge", () =>
            [0xFF, 0xD8, .. Enumerable.Repeat(profile, 80).SelectMany(part => part), .. jpeg[2..]]);
        yield return new("jpeg with EXIF of 2 MB", "ExifTooLarge", () => [0xFF, 0xD8, .. Enumerable.Repeat(exif, 32).SelectMany(part => part), .. jpeg[2..]]);
        yield return new("jpeg of 33 MB", "TooManyBytes", () => [.. jpeg, .. new byte[33 << 20]]);
    }

    private static byte[] With(byte[] file, int at, params byte[] bytes)
    {
        byte[] copy = [.. file];
        bytes.CopyTo(copy, at);
        return copy;
    }
}

using Darkroom.TestKit.Pictures;
using NetVips;

namespace Darkroom.Imaging.Tests.Decoding;

/// <summary>Good files of every kind that is read.</summary>
internal static class SeedPictures
{
    public static GoodPictures Good { get; } = MakeGood();

    /// <summary>Name and file.</summary>
    public static IReadOnlyList<(string Name, byte[] File)> All { get; } =
    [
        ("png rgb", PictureEncoder.Encode(TestPictures.Slopes(32, 24, 3), PictureFormat.Png, 0, null)),
        ("png rgba", PictureEncoder.Encode(TestPictures.Slopes(32, 24, 4), PictureFormat.Png, 0, null)),
        ("png grey", PictureEncoder.Encode(TestPictures.Slopes(32, 24, 1), PictureFormat.Png, 0, null)),
        ("png palette", PngBuilder.File(PngBuilder.Header(16, 8, 4, 3), PngBuilder.Chunk("PLTE", BadPngs.Noise(48)),
            PngBuilder.Chunk("tRNS", BadPngs.Noise(16)),
            PngBuilder.Chunk("IDAT", PngBuilder.Zlib([.. Enumerable.Range(0, 8).SelectMany(y => (byte[])[0, .. BadPngs.Noise(8)])])), PngBuilder.End)),
        ("png 16 bits, interlaced",
            Write(TestPictures.Slopes(16, 24, 3), image => (image.Cast(Enums.BandFormat.Ushort) * 257).Cast(Enums.BandFormat.Ushort)
            .Copy(interpretation: Enums.Interpretation.Rgb16).PngsaveBuffer(interlace: true))),
        ("jpeg", Good.Jpeg), ("jpeg progressive", Good.ProgressiveJpeg),
        ("jpeg grey", PictureEncoder.Encode(TestPictures.Slopes(32, 24, 1), PictureFormat.Jpeg, 80, null)),
        ("jpeg cmyk", Write(TestPictures.Slopes(32, 24, 4), image => image.Copy(interpretation: Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 95))),
        ("webp", Good.Webp), ("webp lossless", Good.LosslessWebp), ("webp alpha", Good.AlphaWebp),
    ];

    public static byte[] Write(Picture picture, Func<Image, byte[]> save)
    {
        VipsRuntime.Ensure();
        using var image = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        using var named = image.Copy(interpretation: picture.Channels < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return save(named);
    }

    private static GoodPictures MakeGood()
    {
        var picture = TestPictures.Slopes(32, 24, 3);
        return new(
            PictureEncoder.Encode(picture, PictureFormat.Jpeg, 80, null),
            Write(picture, image => image.JpegsaveBuffer(q: 80, interlace: true, keep: Enums.ForeignKeep.None)),
            PictureEncoder.Encode(picture, PictureFormat.Webp, 80, null),
            Write(picture, image => image.WebpsaveBuffer(lossless: true, keep: Enums.ForeignKeep.None)),
            PictureEncoder.Encode(TestPictures.Slopes(32, 24, 4), PictureFormat.Webp, 80, null));
    }
}

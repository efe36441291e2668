using System.Diagnostics;
using Darkroom.Imaging.Decoding;
using Darkroom.TestKit.Pictures;

namespace Darkroom.Imaging.Tests.Decoding;

/// <summary>
/// Interlaced PNG files: libvips reads all seven passes in one go and does not look at the clock meanwhile, so the limits on size must bound the time.
/// </summary>
public sealed class InterlacedTests
{
    [Theory]
    [InlineData(4096, 4096, false)]
    [InlineData(4096, 4096, true)]
    [InlineData(8192, 2048, true)]
    public void The_largest_are_decoded_or_refused_within_the_bound(int width, int height, bool grain)
    {
        var limits = PictureLimits.Default;
        Assert.Equal(limits.MaxArea, (long)width * height);
        byte[] file = InterlacedPng.Of(width, height, grain ? Grain() : static line => line.AsSpan().Clear());
        Assert.InRange(file.Length, grain ? limits.MaxBytes / 2 : 0, limits.MaxBytes);

        long started = Stopwatch.GetTimestamp();
        bool isTaken = PictureDecoder.TryDecode(file, limits, out var picture, out var fault);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, limits.MaxTime);
        if (isTaken) Assert.Equal((width, height, 4), (picture!.Width, picture.Height, picture.Channels));
        else Assert.Equal(PictureFaultKind.TooSlow, fault!.Kind);
    }

    [Fact]
    public void Sizes_at_which_passes_are_empty_are_read()
    {
        for (int width = 1; width <= 6; width++)
            for (int height = 1; height <= 6; height++)
            {
                var picture = TestPictures.Slopes(width, height, 3);
                var read = PictureDecoder.Decode(SeedPictures.Write(picture, image => image.PngsaveBuffer(interlace: true)));
                Assert.Equal((width, height), (read.Width, read.Height));
                Assert.Equal(picture.Pixels, read.Pixels);
                var black = PictureDecoder.Decode(InterlacedPng.Of(width, height, static line => line.AsSpan().Clear()));
                Assert.Equal((width, height, 4), (black.Width, black.Height, black.Channels));
            }
    }

    /// <summary>Few enough bytes that no compression shrinks for a file near the largest that may be sent.</summary>
    private static Action<byte[]> Grain()
    {
        uint state = 1;
        return line =>
        {
            for (int i = 0; i < line.Length; i += 16) line[i] = (byte)((state = state * 1664525 + 1013904223) >> 24);
        };
    }
}

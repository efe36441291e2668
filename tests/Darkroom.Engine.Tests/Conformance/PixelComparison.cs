using Darkroom.Imaging;
using Darkroom.Models.Families;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Conformance;

internal static class PixelComparison
{
    /// <summary>Every value within 1 of 255, and at least 99.5 % identical.</summary>
    public static void Check(Measure measure, string name, byte[] golden, DecodedPicture decoded)
    {
        var expected = PictureDecoder.Decode(golden);
        var actual = PixelConversion.FromNetwork(decoded.Values, decoded.Width, decoded.Height);
        measure.Equal($"{name} size", (expected.Width, expected.Height, expected.Channels), (actual.Width, actual.Height, actual.Channels));
        measure.Pixels(name, expected.Pixels, actual.Pixels);
    }
}

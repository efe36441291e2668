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
        if (expected.Pixels.Length != actual.Pixels.Length) return;
        int different = 0, furthest = 0;
        for (int i = 0; i < expected.Pixels.Length; i++)
        {
            int distance = Math.Abs(expected.Pixels[i] - actual.Pixels[i]);
            if (distance > 0) different++;
            furthest = Math.Max(furthest, distance);
        }
        if (furthest > 1) measure.Miss($"{name}: a value is {furthest} of 255 away");
        if (different > 0.005 * expected.Pixels.Length) measure.Miss($"{name}: {different} of {expected.Pixels.Length} values differ");
    }
}

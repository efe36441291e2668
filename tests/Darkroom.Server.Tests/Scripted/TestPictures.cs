using Darkroom.Imaging;

namespace Darkroom.Server.Tests.Scripted;

/// <summary>Files of pictures of one colour.</summary>
internal static class TestPictures
{
    public static byte[] Of(int width, int height, int channels = 3, PictureFormat format = PictureFormat.Png, string? parameters = null)
    {
        var picture = Picture.Blank(width, height, channels);
        Array.Fill(picture.Pixels, (byte)120);
        return PictureEncoder.Encode(picture, format, 90, parameters);
    }

    public static string Base64(int width, int height, int channels = 3) => Convert.ToBase64String(Of(width, height, channels));
}

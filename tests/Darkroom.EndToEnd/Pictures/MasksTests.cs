using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>What a mask says, at its extremes.</summary>
public sealed class MasksTests(StarterServer server) : IClassFixture<StarterServer>, IAsyncLifetime
{
    private byte[] apple = [];
    private Picture picture = null!;

    public async ValueTask InitializeAsync()
    {
        apple = (await server.Client.FormAsync("txt2img", [], ("prompt", "red apple, 3d render"), ("seed", "42"), ("steps", "8"), ("upscale", "null"))).Bytes;
        picture = PictureDecoder.Decode(apple);
    }

    public ValueTask DisposeAsync() => default;

    [Theory]
    [InlineData("white", 0)]
    [InlineData("black", 255)]
    public async Task A_mask_of_nothing_gives_the_picture_back(string mode, byte level)
    {
        foreach (string area in (string[])["whole", "masked"])
            Assert.Equal(picture.Pixels, (await InpaintAsync(Mask((_, _) => level), ("mask_mode", mode), ("area", area), ("strength", "1"))).Pixels);
    }

    [Fact]
    public async Task A_mask_of_all_repaints_all_and_original_pixels_have_no_part_at_full_strength()
    {
        var painted = await InpaintAsync(Mask((_, _) => 255), ("strength", "1"));
        Assert.NotEqual(picture.Pixels, painted.Pixels);
        byte[] other = PictureEncoder.Encode(new Picture(64, 64, 3, new byte[64 * 64 * 3]), PictureFormat.Png, 90, null);
        Assert.Equal(painted.Pixels, (await InpaintAsync(Mask((_, _) => 255), other, ("strength", "1"))).Pixels);
        Assert.Equal(painted.Pixels, (await InpaintAsync(Mask((_, _) => 255), ("strength", "1"), ("area", "masked"))).Pixels);
    }

    [Theory]
    [InlineData("whole")]
    [InlineData("masked")]
    public async Task One_pixel_of_a_mask_changes_that_pixel_alone(string area)
    {
        var painted = await InpaintAsync(Mask((x, y) => (x, y) == (20, 30) ? (byte)255 : (byte)0), ("mask_blur", "0"), ("area", area), ("strength", "1"));
        int at = 3 * (30 * 64 + 20);
        Assert.NotEqual(picture.Pixels[at..(at + 3)], painted.Pixels[at..(at + 3)]);
        Assert.Equal([.. picture.Pixels[..at], .. painted.Pixels[at..(at + 3)], .. picture.Pixels[(at + 3)..]], painted.Pixels);
    }

    [Fact]
    public async Task A_mask_of_another_size_is_refused_with_both_sizes()
    {
        byte[] small = PictureEncoder.Encode(Picture.Blank(32, 48, 1), PictureFormat.Png, 90, null);
        var answer = await server.Client.FormAsync("inpaint", [("image", apple), ("mask", small)], ("prompt", "x"));
        var fault = Assert.Single(answer.Problem(422, "invalid_request").GetProperty("errors").EnumerateArray());
        Assert.Equal("mask", fault.GetProperty("field").GetString());
        Assert.Contains("32 x 48", fault.GetProperty("message").GetString());
        Assert.Contains("64 x 64", fault.GetProperty("message").GetString());
    }

    private static byte[] Mask(Func<int, int, byte> level)
    {
        var mask = Picture.Blank(64, 64, 1);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++) mask.Row(y)[x] = level(x, y);
        return PictureEncoder.Encode(mask, PictureFormat.Png, 90, null);
    }

    private Task<Picture> InpaintAsync(byte[] mask, params (string, string)[] fields) => InpaintAsync(mask, apple, fields);

    private async Task<Picture> InpaintAsync(byte[] mask, byte[] image, params (string, string)[] fields) =>
        (await server.Client.FormAsync("inpaint", [("image", image), ("mask", mask)], [("prompt", "green pear"), ("seed", "7"), ("steps", "4"), .. fields]))
            .Picture("image/png");
}

using Darkroom.Imaging;
using Darkroom.TestKit.Pictures;
using NetVips;
using static Darkroom.TestKit.Pictures.PngBuilder;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>What a picture that is sent stands for, of whatever kind its file is.</summary>
public sealed class SentPicturesTests(StarterServer server) : IClassFixture<StarterServer>, IAsyncLifetime
{
    private const int Side = 64;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync() => Assert.Single((await server.Client.PostAsync(new { prompt = "canary", seed = 1, steps = 1 })).Pictures());

    public static TheoryData<string> Kinds => [.. Files.Keys];

    /// <summary>Files whose pixels, flattened on white, are those of <see cref="Expected"/>.</summary>
    private static readonly Dictionary<string, Func<byte[]>> Files = new()
    {
        ["grey"] = () => Png(8, 0, (x, y) => [Level(x, y)]),
        ["grey of 16 bits"] = () => Png(16, 0, (x, y) => [Level(x, y), 0x77]),
        ["colour of 16 bits"] = () => Png(16, 2, (x, y) => [Level(x, y), 1, Level(x, y), 2, Level(x, y), 3]),
        ["palette"] = () => Png(8, 3, (x, y) => [(byte)(255 - Level(x, y))],
            Chunk("PLTE", [.. Enumerable.Range(0, 256).SelectMany(i => Enumerable.Repeat((byte)(255 - i), 3))])),
        ["grey and alpha"] = () => Png(8, 4, (x, y) => [0, (byte)(255 - Level(x, y))]),
        ["colour and alpha"] = () => Png(8, 6, (x, y) => [0, 0, 0, (byte)(255 - Level(x, y))]),
        ["palette and transparency"] = () => Png(
            8, 3, (x, y) => [(byte)(255 - Level(x, y))], Chunk("PLTE", new byte[768]), Chunk("tRNS", [.. Enumerable.Range(0, 256).Select(i => (byte)i)])),
        ["inks"] = () =>
        {
            // Black ink alone, so that no conversion of colours stands between.
            using var inks = Image.NewFromMemory(Pixels((x, y) => [0, 0, 0, (byte)(255 - Level(x, y))]), Side, Side, 4, Enums.BandFormat.Uchar);
            using var marked = inks.Copy(interpretation: Enums.Interpretation.Cmyk);
            return marked.JpegsaveBuffer(q: 100);
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_kind_of_file_stands_for_its_pixels_on_white(string kind)
    {
        var same = (await AskAsync("img2img", Files[kind](), ("strength", "0"))).Picture("image/png");
        var away = same.Pixels.Zip(Expected.Pixels, (ours, theirs) => Math.Abs(ours - theirs)).Max();
        Assert.Equal((Side, Side, 3), (same.Width, same.Height, same.Channels));
        Assert.InRange(away, 0, kind == "inks" ? 3 : 0); // JPEG rounds

        byte[] plain = PictureEncoder.Encode(same, PictureFormat.Png, 90, null);
        foreach (string strength in (string[])["0.3", "1"])
            Assert.Equal((await AskAsync("img2img", plain, ("strength", strength))).Bytes,
                (await AskAsync("img2img", Files[kind](), ("strength", strength))).Bytes);
    }

    [Fact]
    public async Task Transparent_parts_are_white_but_for_upscaling_which_keeps_them()
    {
        byte[] clear = Png(8, 6, (x, _) => [200, 0, 0, (byte)(x < 32 ? 0 : 255)]);
        var picture = (await AskAsync("img2img", clear, ("strength", "0"))).Picture("image/png");
        Assert.Equal([255, 255, 255], picture.Row(5)[..3].ToArray());
        Assert.Equal([200, 0, 0], picture.Row(5)[^3..].ToArray());

        var larger = (await server.Client.FormAsync("upscale", [("image", clear)], ("scale", "2"))).Picture("image/png");
        Assert.Equal(4, larger.Channels);
        Assert.Equal((0, 255), (larger.Row(5)[3], larger.Row(5)[^1]));
    }

    [Theory]
    [InlineData("0", "20")]
    [InlineData("0.04", "20")]
    [InlineData("0.3", "3")]
    [InlineData("0.99", "1")]
    public async Task A_strength_that_leaves_no_step_gives_the_picture_back(string strength, string steps)
    {
        byte[] sent = Png(8, 2, (x, y) => [(byte)(x * 4), (byte)(y * 4), 99]), mask = Png(8, 0, (_, _) => [255]);
        var pixels = PictureDecoder.Decode(sent).Pixels;
        Assert.Equal(pixels, (await AskAsync("img2img", sent, ("strength", strength), ("steps", steps))).Picture("image/png").Pixels);
        var inpainted = await server.Client.FormAsync("inpaint", [("image", sent), ("mask", mask)], ("prompt", "x"), ("strength", strength), ("steps", steps));
        Assert.Equal(pixels, inpainted.Picture("image/png").Pixels);
    }

    private static Picture Expected => new(Side, Side, 3, Pixels((x, y) => [Level(x, y), Level(x, y), Level(x, y)]));

    // Smooth, so that JPEG keeps it.
    private static byte Level(int x, int y) => (byte)(x + y + 60);

    private static byte[] Png(int depth, int colour, Func<int, int, byte[]> pixel, params byte[][] before) =>
        PngBuilder.File([Header(Side, Side, depth, colour), .. before, Chunk("IDAT", Zlib(Lines(pixel))), End]);

    private static byte[] Lines(Func<int, int, byte[]> pixel) =>
        [.. Enumerable.Range(0, Side).SelectMany(y => (byte[])[0, .. Enumerable.Range(0, Side).SelectMany(x => pixel(x, y))])];

    private static byte[] Pixels(Func<int, int, byte[]> pixel) =>
        [.. Enumerable.Range(0, Side).SelectMany(y => Enumerable.Range(0, Side).SelectMany(x => pixel(x, y)))];

    private Task<Answer> AskAsync(string task, byte[] image, params (string, string)[] fields) =>
        server.Client.FormAsync(task, [("image", image)],
            [("prompt", "red apple"), ("seed", "4"), .. fields.Any(field => field.Item1 == "steps") ? [] : ((string, string)[])[("steps", "4")], .. fields]);
}

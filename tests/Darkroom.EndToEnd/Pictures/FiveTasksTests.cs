using System.Text.Json;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Pictures;

public sealed class FiveTasksTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const string Apple = "red apple, 3d render, on a white background";

    // Declines the starter's upscaler.
    private static readonly (string, string) AsDrawn = ("upscale", "null");

    [Fact]
    public async Task Five_tasks_at_once_give_each_the_picture_it_gives_alone()
    {
        byte[] apple = (await AskAsync("txt2img", [], ("prompt", Apple), ("seed", "42"), AsDrawn)).Bytes;
        byte[] mask = Disc();
        (string Task, (string, byte[])[] Files, (string, string)[] Fields)[] asked =
        [
            ("txt2img", [], [("prompt", "fox, (3d render:1.2), on a pink background"), ("seed", "1"), ("steps", "12"), ("sampler", "euler_ancestral"),
                AsDrawn]),
            ("img2img", [("image", apple)],
                [("prompt", "orange, 3d render"), ("seed", "2"), ("strength", "0.6"), ("sampler", "dpmpp_2m"), ("schedule", "karras")]),
            ("inpaint", [("image", apple), ("mask", mask)], [("prompt", "apple on a yellow background"), ("seed", "3"), ("strength", "0.9")]),
            ("outpaint", [("image", apple)], [("prompt", Apple), ("seed", "4"), ("left", "32"), ("right", "48"), ("up", "16"), ("steps", "8")]),
            ("upscale", [("image", apple)], [("scale", "3")]),
            ("txt2img", [],
                [("prompt", "rocket AND on a navy blue background :0.8"), ("seed", "6"), ("upscale", """{"model":"realesr-animevideov3-x4","scale":2}""")]),
        ];
        var together = await Task.WhenAll(asked.Select(one => AskAsync(one.Task, one.Files, one.Fields)));
        for (int i = 0; i < asked.Length; i++)
            Assert.Equal((await AskAsync(asked[i].Task, asked[i].Files, asked[i].Fields)).Bytes, together[i].Bytes);
        var sizes = together.Select(answer => answer.Picture("image/png")).Select(picture => (picture.Width, picture.Height));
        Assert.Equal([(64, 64), (64, 64), (64, 64), (144, 80), (192, 192), (128, 128)], sizes);
    }

    [Fact]
    public async Task Parameters_come_back_from_a_picture_that_is_sent()
    {
        byte[] made = (await AskAsync("txt2img", [], ("prompt", "yellow star"), ("seed", "9"), ("steps", "2"))).Bytes;
        var answer = await AskAsync("png-info", [("image", made)]);
        Assert.Equal("yellow star", JsonSerializer.Deserialize<JsonElement>(answer.Bytes).GetProperty("prompt").GetString());
    }

    [Fact]
    public async Task Every_task_says_how_its_picture_was_made_and_upscaling_keeps_it()
    {
        byte[] apple = (await AskAsync("txt2img", [], ("prompt", "apple"), ("seed", "9"), ("steps", "2"), AsDrawn)).Bytes;
        async Task<JsonElement> FieldsAsync(string task, (string, byte[])[] files, params (string, string)[] fields) =>
            (await AskAsync("png-info", [("image", (await AskAsync(task, files, fields)).Bytes)])).Succeeded();
        var upscaled = await FieldsAsync("upscale", [("image", apple)], ("scale", "2"));
        Assert.Equal(("darkroom", "apple"), (upscaled.GetProperty("tool").GetString(), upscaled.GetProperty("prompt").GetString()));
        Assert.Equal(("9", "2"), (Field(upscaled, "Seed"), Field(upscaled, "Postprocess upscale by")));
        Assert.Equal("", (await FieldsAsync("upscale", [("image", apple)], ("metadata", "false"))).GetProperty("info").GetString());
        var changed = await FieldsAsync("img2img", [("image", apple)], ("prompt", "x"), ("steps", "4"), ("strength", "0.5"));
        Assert.Equal(("0.5", "Just resize"), (Field(changed, "Denoising strength"), Field(changed, "Resize mode")));
        var inpainted = await FieldsAsync("inpaint", [("image", apple), ("mask", Disc())], ("prompt", "x"), ("steps", "2"), ("fill", "noise"),
            ("area", "masked"), ("padding", "8"));
        Assert.Equal(("4", "latent noise", "Only masked", "8"),
            (Field(inpainted, "Mask blur"), Field(inpainted, "Masked content"), Field(inpainted, "Inpaint area"), Field(inpainted, "Masked area padding")));
        var wide = await FieldsAsync("outpaint", [("image", apple)], ("prompt", "x"), ("steps", "2"), ("left", "32"), ("feather", "8"));
        Assert.Equal(("32", "0", "8", "96x64"),
            (Field(wide, "Outpaint left"), Field(wide, "Outpaint up"), Field(wide, "Outpaint feather"), Field(wide, "Size")));

        static string? Field(JsonElement info, string name) => info.GetProperty("parameters").TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    [Fact]
    public async Task Mask_of_labels_is_said_to_repaint_nothing()
    {
        byte[] apple = (await AskAsync("txt2img", [], ("prompt", "apple"), ("steps", "1"), AsDrawn)).Bytes;
        var disc = PictureDecoder.Decode(Disc());
        byte[] labels = PictureEncoder.Encode(disc with { Pixels = [.. disc.Pixels.Select(level => (byte)(level / 255))] }, PictureFormat.Png, 90, null);
        var body = new { prompt = "x", steps = 2, image = Convert.ToBase64String(apple).TrimEnd('='), mask = Convert.ToBase64String(labels) };
        var answer = await server.Client.PostAsync(body, task: "inpaint");
        string warning = Assert.Single(answer.Succeeded().GetProperty("warnings").EnumerateArray()).GetString()!;
        Assert.StartsWith("mask: nothing was repainted: its brightest pixel has 1 of 255", warning, StringComparison.Ordinal);
        Assert.Equal(PictureDecoder.Decode(apple).Pixels,
            PictureDecoder.Decode(answer.Json.GetProperty("images")[0].GetProperty("data").GetBytesFromBase64()).Pixels);
    }

    [Fact]
    public async Task Picture_that_is_outpainted_in_many_windows_stands_but_for_the_feather()
    {
        const int Left = 64, Up = 32, Feather = 8;
        var apple = await AskAsync("txt2img", [], ("prompt", Apple), ("seed", "42"), AsDrawn);
        var wide = await AskAsync(
            "outpaint", [("image", apple.Bytes)], ("prompt", Apple), ("seed", "5"), ("left", $"{Left}"), ("right", "64"), ("up", $"{Up}"),
            ("feather", $"{Feather}"), ("steps", "6"));
        var (sent, answer) = (apple.Picture("image/png"), wide.Picture("image/png"));
        Assert.Equal((192, 96), (answer.Width, answer.Height));
        var stands = new PixelRect(Feather, Feather, 64 - 2 * Feather, 64 - Feather);
        Assert.Equal(sent.Crop(stands).Pixels, answer.Crop(stands with { X = Left + Feather, Y = Up + Feather }).Pixels);
    }

    [Fact]
    public async Task Mask_of_another_size_is_refused_with_both_sizes()
    {
        byte[] apple = (await AskAsync("txt2img", [], ("prompt", "apple"), ("steps", "1"), AsDrawn)).Bytes;
        byte[] small = PictureEncoder.Encode(Picture.Blank(32, 48, 1), PictureFormat.Png, 90, null);
        var problem = (await AskAsync("inpaint", [("image", apple), ("mask", small)], ("prompt", "x"))).Problem(422, "invalid_request");
        Assert.Contains("32", problem.ToString());
        Assert.Contains("64", problem.ToString());
    }

    private Task<Answer> AskAsync(string task, (string Name, byte[] File)[] files, params (string Name, string Value)[] fields) =>
        server.Client.FormAsync(task, files, fields);

    private static byte[] Disc()
    {
        var mask = Picture.Blank(64, 64, 1);
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
                if ((x - 32) * (x - 32) + (y - 34) * (y - 34) > 31 * 31) mask.Row(y)[x] = 255;
        return PictureEncoder.Encode(mask, PictureFormat.Png, 90, null);
    }
}

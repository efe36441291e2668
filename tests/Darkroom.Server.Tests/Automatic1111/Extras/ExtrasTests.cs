using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.Imaging.Resize;
using Darkroom.Server.Automatic1111.Extras;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Automatic1111.Extras;

/// <summary>Extras on the real server, with its upscalers.</summary>
public sealed class ExtrasTests(ExtrasTests.Started started) : IClassFixture<ExtrasTests.Started>
{
    private const string Single = "/sdapi/v1/extra-single-image", Batch = "/sdapi/v1/extra-batch-images", Anime = "Real-ESRGAN AnimeVideo v3, x2";

    private readonly HttpClient client = started.Server.Client;

    public sealed class Started : IAsyncLifetime
    {
        internal RealServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await RealServer.StartAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Fact]
    public async Task A_network_enlarges_as_the_native_upscale_does()
    {
        var source = Colours(20, 12);
        var answer = await EnlargeAsync(source, ("upscaler_1", Anime), ("upscaling_resize", 2));
        Assert.Equal("<p>Postprocess upscale by: 2, Postprocess upscaler: Real-ESRGAN AnimeVideo v3, x2</p>", (string?)answer["html_info"]);
        var native = new JsonObject { ["image"] = Base64(source), ["model"] = "realesr-animevideov3-x2", ["scale"] = 2 };
        using var same = await client.PostAsync("/v1/upscale", new StringContent(native.ToJsonString(), Encoding.UTF8, "application/json"));
        Assert.Equal((string?)(await same.JsonAsync())["images"]![0]!["data"], (string?)answer["image"]);
    }

    [Theory]
    [InlineData(0.5, 10, 6)]
    [InlineData(3, 60, 36)]
    public async Task Other_factors_have_their_size(double factor, int width, int height)
    {
        var made = Decode(await EnlargeAsync(Colours(20, 12), ("upscaler_1", Anime), ("upscaling_resize", factor)));
        Assert.Equal((width, height), (made.Width, made.Height));
    }

    [Theory]
    [InlineData(true, 30, 30)]
    [InlineData(false, 50, 30)]
    public async Task A_size_is_covered_and_cut_where_that_is_asked(bool crops, int width, int height)
    {
        var answer = await EnlargeAsync(Colours(20, 12), ("upscaler_1", Anime), ("resize_mode", 1), ("upscaling_resize_w", 30), ("upscaling_resize_h", 30),
            ("upscaling_crop", crops));
        var made = Decode(answer);
        Assert.Equal((width, height), (made.Width, made.Height));
        Assert.Equal(crops, ((string)answer["html_info"]!).Contains("Postprocess crop to: 30x30", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_network_resamples()
    {
        var source = Colours(20, 12);
        foreach (var (name, filter) in ((string, ResampleFilter)[])[("Lanczos", ResampleFilter.Lanczos), ("Nearest", ResampleFilter.Nearest)])
            Assert.Equal(Resampler.Resize(source, 40, 24, filter).Pixels, Decode(await EnlargeAsync(source, ("upscaler_1", name))).Pixels);
        Assert.Equal(source.Pixels, Decode(await EnlargeAsync(source)).Pixels);
    }

    [Fact]
    public async Task Two_upscalers_are_blended_by_the_share_of_the_second()
    {
        var source = Colours(20, 12);
        var first = Decode(await EnlargeAsync(source, ("upscaler_1", Anime)));
        var second = Resampler.Resize(source, 40, 24, ResampleFilter.Nearest);
        var both = await EnlargeAsync(source, ("upscaler_1", Anime), ("upscaler_2", "Nearest"), ("extras_upscaler_2_visibility", 0.25));
        Assert.Equal(Blend.Of(first, second, 0.25).Pixels, Decode(both).Pixels);
        Assert.NotEqual(first.Pixels, Decode(both).Pixels);
        Assert.Contains("Postprocess upscaler 2: Nearest", (string)both["html_info"]!, StringComparison.Ordinal);
        var alone = await EnlargeAsync(source, ("upscaler_1", Anime), ("upscaler_2", "Nearest"));
        Assert.Equal(first.Pixels, Decode(alone).Pixels);
    }

    [Fact]
    public void Blending_cuts_what_is_left_of_a_step()
    {
        var (black, grey) = (new Picture(1, 1, 3, [10, 20, 255]), new Picture(1, 1, 3, [13, 10, 0]));
        Assert.Equal([11, 15, 127], Blend.Of(black, grey, 0.5).Pixels);
        Assert.Equal(black.Pixels, Blend.Of(black, grey, 0).Pixels);
        Assert.Equal(grey.Pixels, Blend.Of(black, grey, 1).Pixels);
        Assert.Equal([10, 20, 255, 255], Blend.Of(black, new Picture(1, 1, 2, [7, 0]), 0).Pixels);
    }

    [Fact]
    public async Task A_batch_is_enlarged_in_its_order_and_keeps_what_files_say()
    {
        var (one, two) = (Colours(8, 8), Colours(12, 8));
        var body = new JsonObject
        {
            ["upscaler_1"] = "Lanczos",
            ["imageList"] = new JsonArray(Entry(one, "a fox\nSteps: 20, Sampler: Euler a, Seed: 1", "a.png"), Entry(two, null, "b.png")),
        };
        using var answer = await PostAsync(Batch, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var images = (await answer.JsonAsync())["images"]!.AsArray().Select(image => Convert.FromBase64String((string)image!)).ToArray();
        Assert.Equal([(16, 16), (24, 16)], images.Select(image => PictureDecoder.Decode(image)).Select(picture => (picture.Width, picture.Height)));
        Assert.Equal("a fox\nSteps: 20, Sampler: Euler a, Seed: 1, Postprocess upscale by: 2, Postprocess upscaler: Lanczos",
            PictureMetadata.ReadParameters(images[0]));
    }

    [Fact]
    public async Task The_format_is_that_of_the_callers_options()
    {
        await using var server = await RealServer.StartAsync();
        foreach (var upscaler in (string[])["None", "Lanczos", Anime])
        {
            using var set = await server.Client.PostAsync("/sdapi/v1/options", new StringContent("""{"samples_format":"jpg"}""", Encoding.UTF8));
            var body = new JsonObject { ["image"] = Base64(Colours(8, 8)), ["upscaler_1"] = upscaler };
            using var answer = await server.Client.PostAsync(Single, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
            Assert.Equal(PictureFormat.Jpeg, PictureInfo.TypeOf(Convert.FromBase64String((string)(await answer.JsonAsync())["image"]!)));
        }
    }

    [Fact]
    public async Task Every_fault_is_named()
    {
        using var answer = await PostAsync(Single, new JsonObject
        {
            ["image"] = Base64(Colours(8, 8)), ["resize_mode"] = 2, ["gfpgan_visibility"] = 0.5, ["codeformer_visibility"] = 1, ["upscaler_1"] = "SwinIR 4x",
            ["upscaling_resize"] = 9, ["upscaling_resize_w"] = 0, ["extras_upscaler_2_visibility"] = 2, ["frobnicate"] = true,
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        var faults = (await answer.JsonAsync())["detail"]!.AsArray().ToDictionary(one => (string)one!["loc"]![1]!, one => (string)one!["msg"]!);
        Assert.Equal(
            ["codeformer_visibility", "extras_upscaler_2_visibility", "frobnicate", "gfpgan_visibility", "resize_mode", "upscaler_1", "upscaling_resize",
                "upscaling_resize_w"], faults.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("gfpgan_visibility asks for restored faces; Darkroom has no model for them. Allowed: 0.", faults["gfpgan_visibility"]);
        Assert.Contains(Anime, faults["upscaler_1"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Single, """{"upscaler_1":"Lanczos"}""", 422, "image")]
    [InlineData(Single, """{"image":"https://example.org/a.png"}""", 422, "image")]
    [InlineData(Single, """{"image":7}""", 422, "image")]
    [InlineData(Batch, """{"imageList":[]}""", 422, "imageList")]
    [InlineData(Batch, """{"imageList":[7,{"name":"a"}]}""", 422, "imageList[1].data")]
    [InlineData("/sdapi/v1/png-info", "{}", 422, "image")]
    public async Task Pictures_that_are_none_are_named(string address, string body, int status, string field)
    {
        using var answer = await client.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Contains(field, (await answer.JsonAsync())["detail"]!.AsArray().Select(one => (string)one!["loc"]![1]!));
    }

    [Fact]
    public async Task Bytes_that_are_no_picture_are_told_where_they_stand()
    {
        var body = new JsonObject { ["imageList"] = new JsonArray(Entry(Colours(8, 8), null, "a"), new JsonObject { ["data"] = "bm8gcGljdHVyZQ==" }) };
        using var answer = await PostAsync(Batch, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = await answer.JsonAsync();
        Assert.Equal("invalid_picture", (string?)error["error"]);
        Assert.StartsWith("imageList[1].data: ", (string)error["errors"]!, StringComparison.Ordinal);
    }

    private static JsonObject Entry(Picture picture, string? parameters, string name) => new()
    {
        ["data"] = Convert.ToBase64String(PictureEncoder.Encode(picture, PictureFormat.Png, 90, parameters)), ["name"] = name,
    };

    private static Picture Colours(int width, int height)
    {
        var picture = Picture.Blank(width, height, 3);
        for (var i = 0; i < picture.Pixels.Length; i++) picture.Pixels[i] = (byte)(i * 37 % 251);
        return picture;
    }

    private static string Base64(Picture picture) => Convert.ToBase64String(PictureEncoder.Encode(picture, PictureFormat.Png, 90, null));

    private static Picture Decode(JsonObject answer) => PictureDecoder.Decode(Convert.FromBase64String((string)answer["image"]!));

    private async Task<JsonObject> EnlargeAsync(Picture picture, params (string Name, object Value)[] fields)
    {
        var body = new JsonObject { ["image"] = Base64(picture) };
        foreach (var (name, value) in fields) body[name] = JsonValue.Create(value);
        using var answer = await PostAsync(Single, body);
        var json = await answer.JsonAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, json.ToJsonString());
        return json;
    }

    private Task<HttpResponseMessage> PostAsync(string address, JsonObject body) =>
        client.PostAsync(address, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
}

using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>What a newcomer does first: one POST, one picture.</summary>
public sealed class FirstPictureTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const string Prompt = "red apple, 3d render", Negative = "white background, blurry";

    [Fact]
    public async Task Every_golden_of_the_starter_comes_out_of_a_POST()
    {
        foreach (var golden in ConformancePack.Json("starter", "index.json").GetProperty("cases").EnumerateArray())
        {
            var body = new Dictionary<string, object?>();
            foreach (string field in (string[])["prompt", "negative_prompt", "seed", "sampler", "steps", "guidance_scale", "width", "height"])
                body[field] = golden.GetProperty(field).ValueKind == JsonValueKind.String ? golden.GetProperty(field).GetString() : golden.GetProperty(field)
                    .GetDouble();
            var picture = (await server.PostAsync(body, "image/png")).Picture("image/png");

            string name = golden.GetProperty("name").GetString()!;
            var expected = PictureDecoder.Decode(await File.ReadAllBytesAsync(ConformancePack.PathOf("starter", name + ".png")));
            Assert.Equal((expected.Width, expected.Height, expected.Channels), (picture.Width, picture.Height, picture.Channels));
            var errors = expected.Pixels.Zip(picture.Pixels, (a, b) => Math.Abs(a - b)).ToArray();
            Assert.True(errors.Max() <= 1, $"{name}: a value is {errors.Max()} off.");
            Assert.True(errors.Count(error => error == 0) >= 0.995 * errors.Length,
                $"{name}: {errors.Count(error => error != 0)} of {errors.Length} values differ.");
        }
    }

    [Fact]
    public async Task First_command_of_the_README_answers_a_crisp_picture_four_times_as_large()
    {
        var crisp = await server.Client.PostAsync("""{"prompt":"red apple, 3d render","seed":42}""", "image/png");
        var picture = crisp.Picture("image/png");
        Assert.Equal((256, 256), (picture.Width, picture.Height));
        Assert.Equal("red apple, 3d render", ParametersText.Parse(PictureMetadata.ReadParameters(crisp.Bytes)!).Prompt);

        // The upscaler's work on the picture as it was drawn, whose pixels it got unrounded.
        var drawn = await server.Client.PostAsync("""{"prompt":"red apple, 3d render","seed":42,"upscale":null}""", "image/png");
        Assert.Equal(64, drawn.Picture("image/png").Width);
        var large = (await server.Client.FormAsync("upscale", [("image", drawn.Bytes)])).Picture("image/png");
        Assert.InRange(large.Pixels.Zip(picture.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 1);
    }

    [Fact]
    public async Task Bytes_data_and_address_give_the_same_file()
    {
        var direct = await server.PostAsync(Body(), "image/png");
        Assert.Equal("42", Assert.Single(direct.Headers.GetValues("X-Seed")));
        Assert.Equal(32, Assert.Single(direct.Headers.GetValues("X-Job-Id")).Length);
        var picture = direct.Picture("image/png");
        Assert.Equal((64, 64), (picture.Width, picture.Height));

        var json = await server.PostAsync(Body());
        Assert.Single(json.Pictures());
        Assert.Equal("application/json", json.MediaType);
        var image = json.Json.GetProperty("images")[0];
        Assert.Equal(direct.Bytes, image.GetProperty("data").GetBytesFromBase64());

        foreach (string url in (string[])[image.GetProperty("url").GetString()!, direct.Content.ContentLocation!.OriginalString])
        {
            var stored = await server.Client.FetchAsync(url);
            Assert.Equal((200, "image/png"), (stored.Status, stored.MediaType));
            Assert.Equal(direct.Bytes, stored.Bytes);
            string etag = stored.Headers.ETag!.Tag;
            var unchanged = await server.Client.FetchAsync(url, ifNoneMatch: etag);
            Assert.Equal((304, 0), (unchanged.Status, unchanged.Bytes.Length));
            Assert.Equal(200, (await server.Client.FetchAsync(url, ifNoneMatch: "\"another\"")).Status);
            var head = await server.Client.FetchAsync(url, method: HttpMethod.Head);
            Assert.Equal((200, 0, (long?)direct.Bytes.Length), (head.Status, head.Bytes.Length, head.Content.ContentLength));
        }

        var byUrl = (await server.PostAsync(Body(("return", "url")))).Succeeded().GetProperty("images")[0];
        Assert.False(byUrl.TryGetProperty("data", out _));
        Assert.Equal(image.GetProperty("sha256").GetString(), byUrl.GetProperty("sha256").GetString());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/webp")]
    public async Task A_picture_of_each_format_carries_its_parameters_unless_declined(string type)
    {
        var original = (await server.PostAsync(Body(), "image/png")).Picture("image/png");
        var answer = await server.PostAsync(Body(), type);
        var picture = answer.Picture(type);
        Assert.Equal((64, 64), (picture.Width, picture.Height));
        double apart = original.Pixels.Zip(picture.Pixels, (a, b) => Math.Abs(a - b)).Average();
        Assert.True(apart < 4, $"{apart} levels of 255 from the PNG on average.");

        var parsed = ParametersText.Parse(PictureMetadata.ReadParameters(answer.Bytes)!);
        Assert.Equal((Prompt, Negative), (parsed.Prompt, parsed.NegativePrompt));
        Assert.Equal(("8", "Euler a", "2.5", "42"), (parsed.Fields["Steps"], parsed.Fields["Sampler"], parsed.Fields["CFG scale"], parsed.Fields["Seed"]));
        Assert.Equal(("64x64", "starter"), (parsed.Fields["Size"], parsed.Fields["Model"]));

        var bare = await server.PostAsync(Body(("metadata", false)), type);
        Assert.Equal(picture.Pixels, bare.Picture(type).Pixels);
        Assert.Null(PictureMetadata.ReadParameters(bare.Bytes));
        Assert.DoesNotContain("apple", System.Text.Encoding.Latin1.GetString(bare.Bytes));
    }

    private static Dictionary<string, object?> Body(params (string Name, object Value)[] more)
    {
        var body = new Dictionary<string, object?>
            { ["prompt"] = Prompt, ["negative_prompt"] = Negative, ["seed"] = 42, ["steps"] = 8, ["sampler"] = "euler_ancestral" };
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }
}

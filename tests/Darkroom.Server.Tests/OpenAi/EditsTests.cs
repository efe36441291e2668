using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Fields;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenAi;

/// <summary><c>POST /v1/images/edits</c> and <c>variations</c>: pictures as forms and as data addresses, good and bad.</summary>
public sealed class EditsTests
{
    private static readonly byte[] Fox = TestPictures.Of(64, 48), Mask = TestPictures.Of(64, 48, 4);

    [Theory]
    [InlineData("image")]
    [InlineData("image[]")]
    [InlineData("image[0]")]
    public async Task A_picture_alone_is_img2img(string name)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.FormAsync(OpenAiCalls.Edits, (name, Fox), ("prompt", "a fox"), ("n", "2"), ("seed", "7"));
        await response.ImagesAsync();
        var asked = server.Queue.Asked.Single();
        Assert.Equal((GenerationTask.Img2img, 64, 48, 2, 7, 0.75), (asked.Task, asked.Width, asked.Height, asked.Count, asked.Seed, asked.Edit!.Strength));
        Assert.Equal(Fox, server.Inputs.Held[asked.Edit.Picture.InputId]);
    }

    [Fact]
    public async Task A_mask_repaints_what_is_transparent_from_noise()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = await server.FormAsync(OpenAiCalls.Edits, ("image", Fox), ("mask", Mask), ("prompt", "a fox"));
        await form.ImagesAsync();
        using var json = await server.SendAsync(
            $$$"""{"prompt":"a fox","images":[{"image_url":"{{{OpenAiCalls.DataUrl(Fox)}}}"}],"mask":{"image_url":"{{{OpenAiCalls.DataUrl(Mask)}}}"}}""",
            OpenAiCalls.Edits);
        await json.ImagesAsync();
        foreach (var asked in server.Queue.Asked)
        {
            Assert.Equal((GenerationTask.Inpaint, 1.0, MaskMode.Alpha), (asked.Task, asked.Edit!.Strength, asked.Edit.Mask!.Reading));
            Assert.Equal(Fox, server.Inputs.Held[asked.Edit.Picture.InputId]);
            Assert.Equal(Mask, server.Inputs.Held[asked.Edit.Mask.Picture.InputId]);
        }
        using var own = await server.FormAsync(OpenAiCalls.Edits,
            ("image", Fox), ("mask", TestPictures.Of(64, 48, 1)), ("prompt", ""), ("mask_mode", "white"), ("strength", "0.4"), ("mask_blur", "2"));
        await own.ImagesAsync();
        Assert.Equal((0.4, MaskMode.White, 2.0),
            (server.Queue.Asked.Last().Edit!.Strength, server.Queue.Asked.Last().Edit!.Mask!.Reading, server.Queue.Asked.Last().Edit!.Mask!.Blur));
    }

    [Fact]
    public async Task Long_pictures_in_json_are_not_read_as_texts()
    {
        await using var server = await RunningServer.StartAsync();
        byte[] large = OpenAiCalls.Noise(600);
        Assert.True(large.Length > 1_000_000);
        string escaped = OpenAiCalls.DataUrl(large).Replace("/", "\\/", StringComparison.Ordinal);
        foreach (string url in (string[])[OpenAiCalls.DataUrl(large), escaped, Convert.ToBase64String(large)])
        {
            using var response = await server.SendAsync(
                $$"""{"images":[{"image_url":"{{url}}"}],"prompt":"a \ud83e\udd8a","input_fidelity":"high"}""", OpenAiCalls.Edits);
            var answer = await response.ImagesAsync();
            var asked = server.Queue.Asked.Last();
            Assert.Equal((GenerationTask.Img2img, "a 🦊", 0.5), (asked.Task, asked.Prompt, asked.Edit!.Strength));
            Assert.Equal(large, server.Inputs.Held[asked.Edit.Picture.InputId]);
            Assert.Contains("600 x 600", answer["warnings"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_size_is_that_of_the_answer()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.FormAsync(OpenAiCalls.Edits, ("image", Fox), ("prompt", ""), ("size", "96x32"));
        await response.ImagesAsync();
        var asked = server.Queue.Asked.Single();
        Assert.Equal((96, 32, ResizeMode.Crop), (asked.Width, asked.Height, asked.Edit!.Fit));
    }

    [Fact]
    public async Task A_variation_is_img2img_without_a_prompt()
    {
        await using var server = await RunningServer.StartAsync();
        using var form = await server.FormAsync(OpenAiCalls.Variations, ("image", Fox), ("n", "10"));
        Assert.Equal(10, (await form.ImagesAsync())["data"]!.AsArray().Count);
        using var json = await server.SendAsync($$"""{"image":"{{OpenAiCalls.DataUrl(Fox)}}","n":10,"seed":1234}""", OpenAiCalls.Variations);
        await json.ImagesAsync();
        foreach (var asked in server.Queue.Asked)
            Assert.Equal((GenerationTask.Img2img, "", 0.5, 10), (asked.Task, asked.Prompt, asked.Edit!.Strength, asked.Count));
        using var own = await server.FormAsync(OpenAiCalls.Variations, ("image", Fox), ("prompt", "a fox"), ("strength", "0.3"));
        await own.ImagesAsync();
        Assert.Equal(("a fox", 0.3), (server.Queue.Asked.Last().Prompt, server.Queue.Asked.Last().Edit!.Strength));
    }

    [Fact]
    public async Task Model_that_edits_by_instruction_needs_no_strength()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = server.Models.Models[0] with
        {
            Tasks = ["img2img"], Capabilities = new() { DenoiserChannels = 8, ExtraFields = ["image_guidance_scale"] },
        };
        foreach (string path in (string[])[OpenAiCalls.Edits, OpenAiCalls.Variations])
        {
            using var response = await server.FormAsync(path, ("image", Fox), ("prompt", "make it winter"));
            await response.ImagesAsync();
            Assert.True(server.Queue.Asked.Last().Edit!.ShowsPicture);
        }
        using var masked = await server.FormAsync(OpenAiCalls.Edits, ("image", Fox), ("mask", Mask), ("prompt", ""));
        Assert.Contains("does not do inpaint", (string?)(await masked.ErrorAsync(400, "model", "invalid_value"))["message"]);
    }

    [Theory]
    [InlineData(2, "no model here looks at others")]
    [InlineData(16, "no model here looks at others")]
    [InlineData(17, "at most 16")]
    public async Task Several_pictures_are_refused_and_not_left_out(int count, string message)
    {
        await using var server = await RunningServer.StartAsync();
        using var form = await server.FormAsync(OpenAiCalls.Edits,
            [("prompt", "a fox"), .. Enumerable.Repeat<(string, object)>(("image[]", Fox), count)]);
        Assert.Contains(message, (string?)(await form.ErrorAsync(400, "image", "invalid_value"))["message"]);
        string urls = string.Join(',', Enumerable.Repeat($$"""{"image_url":"{{OpenAiCalls.DataUrl(Fox)}}"}""", count));
        using var json = await server.SendAsync($$"""{"prompt":"a fox","images":[{{urls}}]}""", OpenAiCalls.Edits);
        Assert.Contains(message, (string?)(await json.ErrorAsync(400, "images", "invalid_value"))["message"]);
        Assert.Empty(server.Queue.Asked);
        Assert.Empty(server.Inputs.Held);
    }

    [Fact]
    public async Task A_mask_that_does_not_fit_is_told_with_both_sizes()
    {
        await using var server = await RunningServer.StartAsync();
        using var other = await server.FormAsync(OpenAiCalls.Edits, ("image", Fox), ("mask", TestPictures.Of(48, 48, 4)), ("prompt", ""));
        string message = (string)(await other.ErrorAsync(400, "mask", "invalid_value"))["message"]!;
        Assert.Contains("48 x 48", message);
        Assert.Contains("64 x 48", message);
        using var opaque = await server.FormAsync(OpenAiCalls.Edits, ("image", Fox), ("mask", TestPictures.Of(64, 48)), ("prompt", ""));
        Assert.Contains("no alpha channel", (string?)(await opaque.ErrorAsync(400, "mask", "invalid_value"))["message"]);
        using var without = await server.FormAsync(OpenAiCalls.Edits, ("image", Fox), ("prompt", ""), ("mask_blur", "3"));
        Assert.Contains("is for edits with a mask", (string?)(await without.ErrorAsync(400, "mask_blur", "invalid_value"))["message"]);
        Assert.Empty(server.Inputs.Held);
    }

    [Theory]
    [InlineData("""{"prompt":""}""", "image", "image is required")]
    [InlineData("""{"prompt":"","images":[]}""", "images", "image is required")]
    [InlineData("""{"prompt":"","images":"x"}""", "images", "must be an array, not a string")]
    [InlineData("""{"prompt":"","images":["x"]}""", "images.0", "must be an object, not a string")]
    [InlineData("""{"prompt":"","images":[{}]}""", "images.0", "must have image_url")]
    [InlineData("""{"prompt":"","images":[{"url":"x"}]}""", "images.0", "no such field as \"url\"")]
    [InlineData("""{"prompt":"","images":[{"image_url":5}]}""", "images.0.image_url", "must be a string, not a number")]
    [InlineData("""{"prompt":"","images":[{"image_url":"http://169.254.169.254/x"}]}""", "images.0.image_url", "fetches nothing")]
    [InlineData("""{"prompt":"","images":[{"image_url":"HTTPS://example.org/x"}]}""", "images.0.image_url", "fetches nothing")]
    [InlineData("""{"prompt":"","images":[{"file_id":"file-1"}]}""", "images.0.file_id", "no files are kept")]
    [InlineData("""{"prompt":"","image":5}""", "image", "must be a picture in base64")]
    [InlineData("""{"prompt":"","mask":{"file_id":"x"}}""", "mask.file_id", "no files are kept")]
    public async Task Pictures_that_are_not_sent_as_they_must_be_are_told_by_their_place(string json, string param, string message)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(json, OpenAiCalls.Edits);
        Assert.Contains(message, ((string)(await response.ErrorAsync(400, param, "invalid_value"))["message"]!).Replace('\'', '"'));
    }

    [Fact]
    public async Task Bytes_decide_what_a_picture_is_and_what_is_none_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        byte[] jpeg = TestPictures.Of(64, 48, format: PictureFormat.Jpeg);
        using var other = await server.SendAsync(
            $$"""{"prompt":"","images":[{"image_url":"{{OpenAiCalls.DataUrl(jpeg)}}"}]}""", OpenAiCalls.Edits); // which says it is a PNG
        await other.ImagesAsync();
        Assert.Equal(jpeg, server.Inputs.Held[server.Queue.Asked.Single().Edit!.Picture.InputId]);
        foreach (string text in (string[])["data:image/png;base64,aGVsbG8=", "data:image/png;base64,%%%", "data:text/plain,hello", "hello world !"])
        {
            using var refused = await server.SendAsync(
                new JsonObject { ["prompt"] = "", ["images"] = new JsonArray(new JsonObject { ["image_url"] = text }) }.ToJsonString(), OpenAiCalls.Edits);
            await refused.ErrorAsync(400, "images", "invalid_picture");
        }
        using var gif = await server.FormAsync(OpenAiCalls.Edits, ("image", "GIF89a"u8.ToArray()), ("prompt", ""));
        await gif.ErrorAsync(400, "image", "invalid_picture");
    }

    [Fact]
    public async Task Base64_with_spaces_is_what_it_is_on_the_native_surface()
    {
        await using var server = await RunningServer.StartAsync();
        string spaced = string.Join(' ', Convert.ToBase64String(Fox).Chunk(64).Select(chunk => new string(chunk)));
        using var native = await server.PostAsync($$"""{"prompt":"","image":"{{spaced}}"}""", path: "/v1/img2img");
        using var here = await server.SendAsync($$"""{"prompt":"","images":[{"image_url":"{{spaced}}"}]}""", OpenAiCalls.Edits);
        Assert.Equal(native.IsSuccessStatusCode, here.IsSuccessStatusCode);
        if (native.IsSuccessStatusCode) Assert.Equal(2, server.Queue.Asked.Count(asked => asked.Edit!.Picture is { Width: 64, Height: 48 }));
        else await here.ErrorAsync(400, "images", "invalid_picture");
    }
}

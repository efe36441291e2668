#pragma warning disable OPENAI001, MEAI001, SCME0001 // what their makers may still change
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Images;
using Wishes = OpenAI.Images.ImageGenerationOptions;

namespace Darkroom.EndToEnd.Clients;

/// <summary>OpenAI's client for .NET (NuGet <c>OpenAI</c>), and <c>Microsoft.Extensions.AI.OpenAI</c> on it.</summary>
public sealed class OpenAiDotNetTests(ClientServer server) : IClassFixture<ClientServer>
{
    private static readonly GeneratedImageSize Small = new(64, 64);

    private OpenAIClientOptions Options => new() { Endpoint = new Uri(server.Address + "/v1"), RetryPolicy = new ClientRetryPolicy(0) };

    private ImageClient Client => new("starter", new ApiKeyCredential(ClientServer.Key), Options);

    [Fact]
    public async Task Pictures_are_those_of_the_native_surface()
    {
        var one = await Client.GenerateImageAsync("red apple", new Wishes { Size = Small, ResponseFormat = GeneratedImageFormat.Bytes });
        await SameAsync([one.Value.ImageBytes], one.GetRawResponse(), "txt2img", Txt2Img);

        var ten = await Client.GenerateImagesAsync("red apple", 10, new Wishes { Size = Small, Quality = new GeneratedImageQuality("low") });
        Assert.Equal((10, "64x64"), (ten.Value.Count, ten.Value.Size.ToString()));
        long seed = SeedOf(ten.GetRawResponse());
        var body = Txt2Img(seed);
        (body["steps"], body["count"]) = (10, 8);
        var more = new Dictionary<string, object?>(body) { ["seed"] = seed + 8, ["count"] = 2 };
        Assert.Equal([.. await server.NativeAsync("txt2img", body), .. await server.NativeAsync("txt2img", more)],
            ten.Value.Select(image => ClientServer.Sha(image.ImageBytes)));
    }

    [Fact]
    public async Task An_address_can_be_fetched_without_a_key()
    {
        var one = await Client.GenerateImageAsync("red apple", new Wishes { Size = Small, ResponseFormat = GeneratedImageFormat.Uri });
        using var anybody = new HttpClient();
        byte[] file = await anybody.GetByteArrayAsync(one.Value.ImageUri);
        await SameAsync([BinaryData.FromBytes(file)], one.GetRawResponse(), "txt2img", Txt2Img);
    }

    [Fact]
    public async Task Edits_and_variations_are_img2img_and_inpaint()
    {
        var whole = await Client.GenerateImageEditAsync(new MemoryStream(server.Canvas), "canvas.png", "red apple");
        await SameAsync([whole.Value.ImageBytes], whole.GetRawResponse(), "img2img", Edit);
        var masked = await Client.GenerateImageEditAsync(
            new MemoryStream(server.Canvas), "canvas.png", "red apple", new MemoryStream(server.Mask), "mask.png");
        await SameAsync([masked.Value.ImageBytes], masked.GetRawResponse(), "inpaint",
            seed => new(Edit(seed)) { ["mask_mode"] = "alpha", ["strength"] = 1 });
        var varied = await Client.GenerateImageVariationsAsync(new MemoryStream(server.Canvas), "canvas.png", 2);
        await SameAsync([.. varied.Value.Select(image => image.ImageBytes)], varied.GetRawResponse(), "img2img",
            seed => new(Edit(seed)) { ["prompt"] = "", ["strength"] = 0.5, ["count"] = 2 });
    }

    [Fact]
    public async Task Errors_say_what_is_wrong()
    {
        var unknown = new ImageClient("gpt-image-1", new ApiKeyCredential(ClientServer.Key), Options);
        var missing = await Assert.ThrowsAsync<ClientResultException>(() => unknown.GenerateImageAsync("red apple"));
        Assert.Equal(404, missing.Status);
        Assert.Contains("There is no such model", missing.Message);
        Assert.Contains("model_not_found", missing.Message);
        var large = await Assert.ThrowsAsync<ClientResultException>(() =>
            Client.GenerateImageAsync("red apple", new Wishes { Size = GeneratedImageSize.W1024xH1024 }));
        Assert.Equal(400, large.Status);
        Assert.Contains("width must be 16…96", large.Message);
        var stranger = new ImageClient("starter", new ApiKeyCredential("wrong"), Options);
        Assert.Equal(401, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.GenerateImageAsync("red apple"))).Status);
    }

    [Fact]
    public async Task Microsofts_abstraction_makes_and_edits_pictures()
    {
        using var generator = Client.AsIImageGenerator();
        var made = await generator.GenerateImagesAsync("red apple", new Microsoft.Extensions.AI.ImageGenerationOptions
        {
            Count = 2, ImageSize = new System.Drawing.Size(64, 64), ResponseFormat = ImageGenerationResponseFormat.Data,
        });
        var pictures = made.Contents.Cast<DataContent>().ToArray();
        Assert.Equal(2, pictures.Length);
        Assert.All(pictures, picture => Assert.Equal("image/png", picture.MediaType));
        long seed = ParametersOf(pictures[0].Data);
        var native = await server.NativeAsync("txt2img", new(Txt2Img(seed)) { ["count"] = 2 });
        Assert.Equal(native, pictures.Select(picture => ClientServer.Sha(picture.Data.Span)));

        var edited = await generator.EditImageAsync(new DataContent(server.Canvas, "image/png"), "red apple");
        var one = Assert.IsType<DataContent>(Assert.Single(edited.Contents));
        Assert.Equal(await server.NativeAsync("img2img", Edit(ParametersOf(one.Data))), new[] { ClientServer.Sha(one.Data.Span) });
    }

    private async Task SameAsync(IReadOnlyList<BinaryData> pictures, PipelineResponse raw, string task, Func<long, Dictionary<string, object?>> body) =>
        Assert.Equal(await server.NativeAsync(task, body(SeedOf(raw))), pictures.Select(picture => ClientServer.Sha(picture)));

    /// <summary>The seed that the server drew: this client has no field for one.</summary>
    private static long SeedOf(PipelineResponse raw) =>
        JsonDocument.Parse(raw.Content).RootElement.GetProperty("data")[0].GetProperty("seed").GetInt64();

    /// <summary>The same from the picture itself.</summary>
    private static long ParametersOf(ReadOnlyMemory<byte> file)
    {
        string text = System.Text.Encoding.Latin1.GetString(file.Span);
        int at = text.IndexOf("Seed: ", StringComparison.Ordinal) + "Seed: ".Length;
        return long.Parse(text[at..text.IndexOf(',', at)], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Dictionary<string, object?> Txt2Img(long seed) => new()
    {
        ["prompt"] = "red apple", ["width"] = 64, ["height"] = 64, ["seed"] = seed, ["upscale"] = null,
    };

    private static Dictionary<string, object?> Edit(long seed) => new() { ["prompt"] = "red apple", ["seed"] = seed };
}

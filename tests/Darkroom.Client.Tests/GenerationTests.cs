using System.Security.Cryptography;

namespace Darkroom.Client.Tests;

/// <summary>Each of the five tasks, from a typed request to a picture.</summary>
public sealed class GenerationTests(TestServer server)
{
    private static readonly UpscaleStep Plain = UpscaleStep.None;

    [Fact]
    public async Task A_text_becomes_pictures()
    {
        var result = await server.Client.GenerateAsync(new Txt2ImgRequest
        {
            Prompt = "a red circle",
            NegativePrompt = "blue",
            Steps = 6,
            Count = 2,
            Seed = 42,
            Sampler = SamplerName.Dpmpp2m,
            Schedule = "karras",
            GuidanceInterval = new(0, 0.8),
            Upscale = Plain,
        });
        Assert.Equal(JobStatus.Succeeded, result.Status);
        Assert.Equal(GenerationTask.Txt2Img, result.Task);
        Assert.Equal([42, 43], result.Images.Select(image => image.Seed));
        foreach (var image in result.Images) Check(image, 64, 64);
        Assert.Equal(6, result.Timings.Steps);
        Assert.True(result.Timings.TotalMs > 0 && result.FinishedAt >= result.StartedAt);
        var used = result.Parameters.As<Txt2ImgRequest>();
        Assert.Equal(("a red circle", 6, 42L, "dpmpp_2m", "karras"), (used.Prompt, used.Steps, used.Seed, used.Sampler?.Value, used.Schedule?.Value));
        Assert.Equal(new GuidanceInterval(0, 0.8), used.GuidanceInterval);
        Assert.Same(UpscaleStep.None, used.Upscale);

        var again = await server.Client.GenerateAsync(used);
        Assert.Equal(result.Images.Select(image => image.Sha256), again.Images.Select(image => image.Sha256));
    }

    [Fact]
    public async Task A_picture_is_changed()
    {
        var result = await server.Client.GenerateAsync(new Img2ImgRequest
        {
            Prompt = "a blue square", Image = TestServer.Canvas, Strength = 0.5, Steps = 6, Seed = 1, Width = 48, ResizeMode = ResizeMode.Pad, Upscale = Plain,
        });
        Check(Assert.Single(result.Images), 48, 48);
        Assert.Equal(0.5, result.Parameters.As<Img2ImgRequest>().Strength);
    }

    [Fact]
    public async Task A_part_of_a_picture_is_repainted()
    {
        var result = await server.Client.GenerateAsync(new InpaintRequest
        {
            Prompt = "a green triangle", Image = TestServer.Canvas, Mask = TestServer.Mask, MaskBlur = 2, Fill = MaskFill.Noise, Strength = 1, Steps = 6,
            Upscale = Plain,
        });
        Check(Assert.Single(result.Images), 64, 64);
        Assert.NotEqual(Hash(TestServer.Canvas), result.Images[0].Sha256);
        Assert.Equal(2, result.Parameters.As<InpaintRequest>().MaskBlur);
    }

    [Fact]
    public async Task A_picture_is_extended()
    {
        var result = await server.Client.GenerateAsync(new OutpaintRequest
        {
            Prompt = "a yellow star", Image = TestServer.Canvas, Right = 24, Down = 8, Steps = 4, Format = PictureFormat.Webp, Quality = 80, Upscale = Plain,
        });
        Check(Assert.Single(result.Images), 88, 72);
        Assert.Equal(PictureFormat.Webp, result.Images[0].Format);
    }

    [Fact]
    public async Task A_picture_is_made_again_and_compared()
    {
        var made = await server.Client.GenerateAsync(new Txt2ImgRequest { Prompt = "a red circle", Seed = 3, Steps = 3, Upscale = Plain });
        var events = new List<JobEvent>();
        var found = await server.Client.VerifyAsync(Assert.Single(made.Images).Data!.Value.ToArray(), new Told(events.Add));
        var image = Assert.Single(found.Images);
        Assert.Equal(new PictureComparison(true, 1, 0, true), image.Comparison);
        Assert.Equal((made.Images[0].Sha256, false), (image.Sha256, image.Data is not null));
        Assert.IsType<JobSucceeded>(events[^1]);
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.VerifyAsync(TestServer.Canvas));
        Assert.Equal("The file does not say how the picture was made.", Assert.Single(fault.Faults).Message);
    }

    [Fact]
    public async Task A_picture_is_looked_at()
    {
        var made = await server.Client.GenerateAsync(new Txt2ImgRequest { Prompt = "red apple, 3d render", Seed = 3, Upscale = Plain });
        var picture = Assert.Single(made.Images).Data!.Value.ToArray();
        var events = new List<JobEvent>();
        var question = new ClassifyRequest { Image = picture, Candidates = ["red apple", "dog"], Seed = 1 };
        var found = await server.Client.ClassifyAsync(question, new Told(events.Add));
        Assert.Equal(("red apple", "red apple"), (found.Best, found.Candidates[0]));
        Assert.IsType<JobSucceeded>(events[^1]);
        var likelihood = await server.Client.MeasureLikelihoodAsync(new LikelihoodRequest { Image = picture, Steps = 8, Seed = 1 });
        Assert.Equal(("latents", 4096), (likelihood.Space, likelihood.Dimensions));
        var clean = await server.Client.GenerateAsync(new DenoiseRequest { Image = picture, Noise = 0.1, Steps = 2, Seed = 1 });
        Check(Assert.Single(clean.Images), 64, 64);
        Assert.Equal(0.1, clean.Noise!.Deviation, 1e-9);
    }

    private sealed class Told(Action<JobEvent> tell) : IProgress<JobEvent>
    {
        public void Report(JobEvent value) => tell(value);
    }

    [Fact]
    public async Task A_picture_is_enlarged()
    {
        var result = await server.Client.GenerateAsync(new UpscaleRequest { Image = TestServer.Canvas, Scale = 2 });
        Check(Assert.Single(result.Images), 128, 128);
        Assert.Equal(GenerationTask.Upscale, result.Task);
    }

    [Fact]
    public async Task Pictures_may_be_left_at_their_addresses_and_fetched_later()
    {
        var result = await server.Client.GenerateAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 2, Return = ReturnMode.Url, Upscale = Plain });
        var image = Assert.Single(result.Images);
        Assert.Null(image.Data);
        await Assert.ThrowsAsync<InvalidOperationException>(() => image.SaveAsync("nowhere.png"));

        var file = await server.Client.GetImageAsync(image);
        Assert.Equal((image.Sha256, "image/png"), (Hash(file.Data.Span), file.MediaType));
        Assert.Null(await server.Client.GetImageIfChangedAsync(image.Url, file.ETag));
        Assert.NotNull(await server.Client.GetImageIfChangedAsync(image.Url, "\"another\""));
        using var output = new MemoryStream();
        await server.Client.DownloadImageAsync(image.Url, output);
        Assert.Equal(file.Data.ToArray(), output.ToArray());
        var path = Path.GetTempFileName();
        await (await server.Client.DownloadImagesAsync(result)).Images[0].SaveAsync(path);
        Assert.Equal(file.Data.ToArray(), await File.ReadAllBytesAsync(path));
        File.Delete(path);
    }

    [Fact]
    public async Task A_pictures_file_gives_its_request_back()
    {
        var made = await server.Client.GenerateAsync(new Txt2ImgRequest { Prompt = "a purple ring", Steps = 3, Seed = 7, Upscale = Plain });
        var info = await server.Client.ReadPictureAsync(PictureSource.FromBytes(made.Images[0].Data!.Value));
        Assert.Equal(("a purple ring", "/v1/txt2img"), (info.Prompt, info.Request?.Address));
        var again = await server.Client.GenerateAsync(info.Request!.Fields.As<Txt2ImgRequest>() with { Upscale = Plain });
        Assert.Equal(made.Images[0].Sha256, again.Images[0].Sha256);
    }

    private static void Check(GeneratedImage image, int width, int height)
    {
        Assert.Equal((width, height), (image.Width, image.Height));
        var data = Assert.NotNull(image.Data);
        Assert.Equal(image.Length, data.Length);
        Assert.Equal(image.Sha256, Hash(data.Span));
    }

    private static string Hash(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(SHA256.HashData(file));
}

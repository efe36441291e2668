#pragma warning disable MEAI001 // The generator is what is tested.
using Microsoft.Extensions.AI;

namespace Darkroom.Client.Tests.Extensions;

/// <summary>A server behind <see cref="IImageGenerator"/>.</summary>
public sealed class ImageGeneratorTests(TestServer server)
{
    private readonly IImageGenerator generator = server.Client.AsIImageGenerator("starter");

    [Fact]
    public async Task A_prompt_makes_pictures_as_the_options_say()
    {
        var response = await generator.GenerateImagesAsync("a red circle", new()
        {
            Count = 2,
            ImageSize = new(48, 32),
            MediaType = "image/webp",
            AdditionalProperties = new() { ["steps"] = 3, ["seed"] = 11L, ["upscale"] = null, ["negative_prompt"] = "a \"blue\" one" },
        });
        Assert.Equal(2, response.Contents.Count);
        Assert.All(response.Contents, content => Assert.Equal("image/webp", Assert.IsType<DataContent>(content).MediaType));
        var result = Assert.IsType<GenerationResult>(response.RawRepresentation);
        Assert.Equal((48, 32, 11L), (result.Images[0].Width, result.Images[0].Height, result.Images[0].Seed));
        var used = result.Parameters.As<Txt2ImgRequest>();
        Assert.Equal((3, "starter", "a \"blue\" one"), (used.Steps, used.Model, used.NegativePrompt));
        Assert.Equal(result.Images[0].Data!.Value.ToArray(), ((DataContent)response.Contents[0]).Data.ToArray());
    }

    [Fact]
    public async Task An_original_is_changed()
    {
        var response = await generator.EditImageAsync(new DataContent(TestServer.Canvas, "image/png"), "a blue square",
            new() { ResponseFormat = ImageGenerationResponseFormat.Uri, RawRepresentationFactory = _ => new Img2ImgRequest { Strength = 0.4, Steps = 5 } });
        var address = Assert.IsType<UriContent>(Assert.Single(response.Contents));
        Assert.StartsWith(server.Address + "v1/images/", address.Uri.ToString(), StringComparison.Ordinal);
        var used = Assert.IsType<GenerationResult>(response.RawRepresentation).Parameters.As<Img2ImgRequest>();
        Assert.Equal((0.4, "a blue square"), (used.Strength, used.Prompt));
        await Assert.ThrowsAsync<NotSupportedException>(() => generator.EditImagesAsync(
            [new DataContent(TestServer.Canvas, "image/png"), new DataContent(TestServer.Canvas, "image/png")], "two"));
        await Assert.ThrowsAsync<NotSupportedException>(() => generator.EditImagesAsync([new UriContent("http://a/b.png", "image/png")], "an address"));
        await Assert.ThrowsAsync<NotSupportedException>(() => generator.GenerateImagesAsync("a", new() { MediaType = "image/gif" }));
    }

    [Fact]
    public async Task Another_task_is_said_by_its_own_request()
    {
        var response = await generator.EditImageAsync(new DataContent(TestServer.Canvas, "image/png"), "a star",
            new() { RawRepresentationFactory = _ => new InpaintRequest { Mask = TestServer.Mask, Steps = 3 } });
        Assert.Equal(GenerationTask.Inpaint, Assert.IsType<GenerationResult>(response.RawRepresentation).Task);
        var enlarged = await generator.GenerateAsync(new ImageGenerationRequest { OriginalImages = [new DataContent(TestServer.Canvas, "image/png")] },
            new() { RawRepresentationFactory = _ => new UpscaleRequest { Scale = 2 } });
        Assert.Equal(128, Assert.IsType<GenerationResult>(enlarged.RawRepresentation).Images[0].Width);
    }

    [Fact]
    public void What_stands_behind_it_is_given()
    {
        Assert.Same(server.Client, generator.GetService<DarkroomClient>());
        Assert.Same(generator, generator.GetService<IImageGenerator>());
        Assert.Null(generator.GetService<DarkroomClient>("key"));
        Assert.Null(generator.GetService<string>());
        var metadata = Assert.IsType<ImageGeneratorMetadata>(generator.GetService(typeof(ImageGeneratorMetadata)));
        Assert.Equal(("darkroom", server.Client.Address, "starter"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }
}

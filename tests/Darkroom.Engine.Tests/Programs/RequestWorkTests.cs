using Darkroom.Engine.Programs;
using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging.Canvas;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Engine.Tests.Programs;

public sealed class RequestWorkTests
{
    private static readonly ModelDescription Model = new() { Id = "sd", Title = "", NativeSize = 512, MaxSize = 512, TextWidth = 768 };

    private static readonly GenerationRequest Weighted = Requests.Plain with
    {
        PromptStyle = PromptStyle.Weighted, Width = 500, Height = 400, Steps = 30, NegativePrompt = null,
    };

    [Theory]
    [InlineData("a fox", 2, 1)]
    [InlineData("[a|b|c] fox", 4, 1)]
    [InlineData("a fox BREAK a hen BREAK a cow", 2, 3)]
    [InlineData("a fox AND a hen AND a cow", 4, 1)]
    public void Texts_and_chunks_are_counted(string prompt, int texts, int chunks)
    {
        var work = RequestWork.Of(Weighted with { Prompt = prompt }, Model, null);
        Assert.Equal((texts, chunks, texts * chunks), (work.Texts, work.ChunksPerText, work.TextChunks));
        Assert.Equal(texts * chunks * 77L * 768 * 4, work.TextBytes);
    }

    [Fact]
    public void Prompt_of_many_alternatives_and_signs_is_counted_before_any_tokenizer_sees_it()
    {
        string prompt = "[" + string.Join('|', Enumerable.Range(0, 150)) + "]" + new string('\u4e00', 3000);
        var work = RequestWork.Of(Weighted with { Prompt = prompt, Steps = 150 }, Model, null);
        // 9,000 bytes and a number of up to three signs, 75 to a chunk; the negative prompt is short
        Assert.Equal((151, 121), (work.Texts, work.ChunksPerText));
        Assert.Equal(151 * 121, work.TextChunks);
    }

    [Fact]
    public void Second_prompt_counts_where_it_is_longer_and_plain_text_is_one_chunk()
    {
        Assert.Equal(2, RequestWork.Of(Weighted with { Prompt2 = new string('a', 100) }, Model, null).ChunksPerText);
        Assert.Equal(1, RequestWork.Of(Weighted with { Prompt = new string('a', 999), PromptStyle = PromptStyle.Plain }, Model, null).ChunksPerText);
    }

    [Theory]
    [InlineData(3, 1, "euler", 6)] // 30 guided steps of 0.2 megapixels
    [InlineData(1, 1, "euler", 3)]
    [InlineData(3, 8, "euler", 48)]
    [InlineData(3, 1, "heun", 12)]
    public void Megapixel_steps_count_calls_pictures_and_guidance(double guidance, int count, string sampler, double expected) =>
        Assert.Equal(expected, RequestWork.Of(Weighted with { GuidanceScale = guidance, Count = count, Sampler = sampler }, Model, null).MegapixelSteps, 6);

    [Fact]
    public void Outpainting_counts_each_of_its_windows()
    {
        var work = RequestWork.Of(
            Weighted with
            {
                Task = GenerationTask.Outpaint,
                Width = 1024,
                Height = 512,
                Edit = new() { Picture = new("", 512, 512), Strength = 1, Extension = new CanvasExtension(0, 512, 0, 0, 32) },
            }, Model, null);
        Assert.Equal(2, work.Windows); // each half over what stands
        Assert.Equal(2 * 0.512 * 0.512 * 30, work.MegapixelSteps, 6);
    }

    [Fact]
    public void Tiles_count_every_picture()
    {
        var upscaler = new UpscalerDescription { Id = "up", Title = "", Scale = 2, Tile = 100, Overlap = 0 };
        var request = Weighted with { Count = 3, Upscale = new("up", 2) };
        Assert.Equal(3 * 20, RequestWork.Of(request, Model, upscaler).Tiles);
        Assert.Equal(0, RequestWork.Of(Weighted, Model, null).Tiles);
        // A factor beyond the network's own takes another pass, over a larger picture.
        Assert.True(RequestWork.Of(request with { Upscale = new("up", 4) }, Model, upscaler).Tiles > 3 * 80);
    }
}

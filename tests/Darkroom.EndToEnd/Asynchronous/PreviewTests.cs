using Darkroom.Client;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Asynchronous;

/// <summary>What is seen of a picture before it is there, by the .NET client.</summary>
public sealed class PreviewTests(StarterServer server) : IClassFixture<StarterServer>
{
    [Theory]
    [InlineData("red apple, 3d render", 42, "ddim", 64, 64)]
    [InlineData("rocket, 3d icon, on a navy blue background", 0, "dpmpp_2m", 64, 64)]
    [InlineData("fox, 3d render, on a light blue background", 7, "euler_ancestral", 96, 64)]
    [InlineData("fox, 3d render, on a light blue background", 7, "heun", 64, 64)]
    public async Task Previews_are_small_PNGs_that_come_to_look_like_the_picture_and_do_not_change_it(
        string prompt, int seed, string sampler, int width, int height)
    {
        using var darkroom = new DarkroomClient(server.Client.BaseAddress!);
        var request = new Txt2ImgRequest
        {
            Prompt = prompt, Seed = seed, Sampler = sampler, Width = width, Height = height, Steps = 20, Upscale = UpscaleStep.None, PreviewEvery = 2,
        };
        var job = await darkroom.StartAsync(request);
        var events = await job.WatchAsync().ToListAsync();
        var made = await darkroom.DownloadImagesAsync(Assert.IsType<JobSucceeded>(events[^1]).Result);
        var picture = PictureDecoder.Decode(made.Images.Single().Data!.Value);

        var distances = new List<double>();
        foreach (var preview in events.OfType<JobPreview>())
        {
            Assert.InRange(preview.Data.Length, 1, 99_999);
            Assert.Equal(("png", 0), (preview.Format.Value, preview.Index));
            Assert.Equal((width, height), (preview.Width, preview.Height));
            Assert.InRange(preview.Step, 2, 18);
            distances.Add(Distance(picture, PictureDecoder.Decode(preview.Data)));
        }
        // On a busy machine some are passed over, never the way as a whole.
        Assert.InRange(distances.Count, 2, 9);
        Assert.True(distances[^1] < distances[0] / 2, string.Join(", ", distances));
        Assert.True(distances[^1] < 12, string.Join(", ", distances));

        var plain = await darkroom.GenerateAsync(request with { PreviewEvery = null });
        Assert.Equal(Assert.Single(plain.Images).Sha256, made.Images.Single().Sha256);
    }

    [Fact]
    public async Task Every_picture_of_a_job_has_previews_and_without_the_field_there_are_none()
    {
        using var darkroom = new DarkroomClient(server.Client.BaseAddress!);
        var job = await darkroom.StartAsync(new Txt2ImgRequest { Prompt = "apple", Seed = 1, Steps = 40, Count = 3, PreviewEvery = 1 });
        var previews = (await job.WatchAsync().ToListAsync()).OfType<JobPreview>().ToList();
        Assert.All(previews, one => Assert.InRange(one.Index, 0, 2));
        Assert.NotEmpty(previews);
        var silent = await darkroom.StartAsync(new Txt2ImgRequest { Prompt = "apple", Seed = 1, Steps = 10 });
        Assert.DoesNotContain(await silent.WatchAsync().ToListAsync(), one => one is JobPreview);
    }

    /// <summary>Mean difference of the bytes, 0…255.</summary>
    private static double Distance(Picture one, Picture other) => one.Pixels.Zip(other.Pixels, (a, b) => Math.Abs(a - b)).Average();
}

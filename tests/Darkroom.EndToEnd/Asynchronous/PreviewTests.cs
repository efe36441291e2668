using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Asynchronous;

/// <summary>What is seen of a picture before it is there.</summary>
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
        object? upscale = null;
        string id = await server.Client.BeginAsync(new { prompt, seed, sampler, width, height, steps = 20, upscale, preview_every = 2 });
        var events = await server.Client.AllEventsAsync(id);
        var final = events[^1].Data.GetProperty("images")[0];
        var picture = (await server.Client.FetchAsync(final.GetProperty("url").GetString()!)).Picture("image/png");

        var distances = new List<double>();
        foreach (var preview in events.Where(one => one.Name == "preview").Select(one => one.Data))
        {
            byte[] file = preview.GetProperty("data").GetBytesFromBase64();
            Assert.InRange(file.Length, 1, 99_999);
            Assert.Equal(("png", 0), (preview.GetProperty("format").GetString(), preview.GetProperty("index").GetInt32()));
            Assert.Equal((width, height), (preview.GetProperty("width").GetInt32(), preview.GetProperty("height").GetInt32()));
            Assert.InRange(preview.GetProperty("step").GetInt32(), 2, 18);
            distances.Add(Distance(picture, PictureDecoder.Decode(file)));
        }
        // On a busy machine some are passed over, never the way as a whole.
        Assert.InRange(distances.Count, 2, 9);
        Assert.True(distances[^1] < distances[0] / 2, string.Join(", ", distances));
        Assert.True(distances[^1] < 12, string.Join(", ", distances));

        var plain = (await server.Client.PostAsync(new { prompt, seed, sampler, width, height, steps = 20, upscale })).Pictures();
        Assert.Equal(Assert.Single(plain), final.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Every_picture_of_a_job_has_previews_and_without_the_field_there_are_none()
    {
        string id = await server.Client.BeginAsync(new { prompt = "apple", seed = 1, steps = 40, count = 3, preview_every = 1 });
        var events = await server.Client.AllEventsAsync(id);
        Assert.All(events.Where(one => one.Name == "preview"), one => Assert.InRange(one.Data.GetProperty("index").GetInt32(), 0, 2));
        Assert.Contains(events, one => one.Name == "preview");
        string silent = await server.Client.BeginAsync(new { prompt = "apple", seed = 1, steps = 10 });
        Assert.DoesNotContain(await server.Client.AllEventsAsync(silent), one => one.Name == "preview");
    }

    /// <summary>Mean difference of the bytes, 0…255.</summary>
    private static double Distance(Picture one, Picture other) => one.Pixels.Zip(other.Pixels, (a, b) => Math.Abs(a - b)).Average();
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Darkroom.Diffusion.Samplers;
using Darkroom.Diffusion.Schedules;
using Darkroom.Imaging;
using Darkroom.Imaging.Metadata;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd;

/// <summary>Pictures over HTTP, from the model that ships.</summary>
public sealed class PictureTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private ServerProcess Server => shared.Server;

    [Fact]
    public async Task First_picture_is_the_golden_one()
    {
        var json = ConformancePack.Json("starter", "index.json").GetProperty("cases")[0];
        byte[] png = await BytesAsync(new
        {
            prompt = json.GetProperty("prompt").GetString(), negative_prompt = json.GetProperty("negative_prompt").GetString(), seed = json.GetProperty("seed").GetInt64(),
            sampler = json.GetProperty("sampler").GetString(), steps = json.GetProperty("steps").GetInt32(), guidance_scale = json.GetProperty("guidance_scale").GetDouble(),
        }, "image/png");
        var actual = PictureDecoder.Decode(png);
        var golden = PictureDecoder.Decode(File.ReadAllBytes(ConformancePack.PathOf("starter", json.GetProperty("name").GetString() + ".png")));
        Assert.Equal((golden.Width, golden.Height), (actual.Width, actual.Height));
        Assert.All(golden.Pixels.Zip(actual.Pixels), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1));
        Assert.True(golden.Pixels.Zip(actual.Pixels).Count(pair => pair.First == pair.Second) >= 0.995 * golden.Pixels.Length);
    }

    [Theory]
    [InlineData("image/png", PictureFormat.Png)]
    [InlineData("image/jpeg", PictureFormat.Jpeg)]
    [InlineData("image/webp", PictureFormat.Webp)]
    public async Task Picture_comes_in_the_format_accepted_with_its_parameters(string accept, PictureFormat format)
    {
        byte[] file = await BytesAsync(new { prompt = "yellow star, 3d icon", seed = 5, steps = 4 }, accept);
        Assert.Equal(format, PictureInfo.TypeOf(file));
        Assert.Equal(64, PictureDecoder.Decode(file).Width);
        var parsed = ParametersText.Parse(PictureMetadata.ReadParameters(file)!);
        Assert.Equal(("yellow star, 3d icon", "4", "5"), (parsed.Prompt, parsed.Fields["Steps"], parsed.Fields["Seed"]));
        byte[] bare = await BytesAsync(new { prompt = "yellow star, 3d icon", seed = 5, steps = 4, metadata = false }, accept);
        Assert.Null(PictureMetadata.ReadParameters(bare));
    }

    [Fact]
    public async Task Picture_can_be_fetched_again_and_is_not_sent_twice()
    {
        var (_, answer) = await Server.PostAsync(new { prompt = "cat", seed = 1, steps = 2, @return = "url" });
        var image = answer.GetProperty("images")[0];
        string url = image.GetProperty("url").GetString()!;
        using var first = await Server.Client.GetAsync(url);
        Assert.Equal(image.GetProperty("bytes").GetInt64(), (await first.Content.ReadAsByteArrayAsync()).Length);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await Server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task Thirty_two_strangers_at_once_get_the_pictures_they_get_alone()
    {
        string[] samplers = [.. SamplerCatalog.All.Select(sampler => sampler.Name)];
        var requests = Enumerable.Range(0, 32).Select(i => new
        {
            prompt = $"{(i % 2 == 0 ? "fox" : "pizza")} number {i}, 3d render",
            negative_prompt = i % 3 == 0 ? "white background" : "",
            seed = 1000 + 17 * i,
            sampler = samplers[i % samplers.Length],
            schedule = ScheduleCatalog.For(SamplerCatalog.Find(samplers[i % samplers.Length])!)[i % ScheduleCatalog.For(SamplerCatalog.Find(samplers[i % samplers.Length])!).Count],
            steps = 3 + i % 6,
            guidance_scale = i % 5 == 0 ? 1.0 : 1.5 + i % 4,
            width = i % 4 == 0 ? 96 : 64,
            count = i % 11 == 0 ? 2 : 1,
            @return = "url",
        }).ToArray();

        var together = await Task.WhenAll(requests.Select(request => Server.PostAsync(request)));
        Assert.All(together, answer => Assert.True(answer.Status == HttpStatusCode.OK, answer.Body.ToString()));
        Assert.Contains(together, answer => answer.Body.GetProperty("timings").GetProperty("mean_batch").GetDouble() > 2);
        for (int i = 0; i < requests.Length; i++)
            Assert.Equal(await Server.HashesAsync(requests[i]), together[i].Body.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("sha256").GetString()!));
    }

    [Theory]
    [InlineData("""{"prompt":"apple","steps":5}""")]
    [InlineData("""{"prompt":"apple","steps":5,"sampler":"dpmpp_2m_sde","schedule":"karras","count":2,"guidance_interval":[0.2,0.8]}""")]
    [InlineData("""{"prompt":"apple","steps":5,"sampler":"euler_ancestral","eta":0.5,"noise_source":"torch_cuda","format":"webp","quality":70}""")]
    public async Task Parameters_posted_again_give_the_same_pictures(string body)
    {
        var (_, first) = await Server.PostAsync(JsonSerializer.Deserialize<JsonElement>(body));
        var (status, again) = await Server.PostAsync(first.GetProperty("parameters"));
        Assert.True(status == HttpStatusCode.OK, again.ToString());
        Assert.Equal(Hashes(first), Hashes(again));
    }

    [Fact]
    public async Task Caller_who_hangs_up_frees_the_row()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Server.Client.PostAsJsonAsync("/v1/txt2img", new { prompt = "slow", steps = 150, count = 8 }, hurry.Token));
        var (_, next) = await Server.PostAsync(new { prompt = "quick", steps = 10, seed = 3 });
        // With the eight long rows gone within a step, the next picture has the denoiser nearly to itself.
        Assert.InRange(next.GetProperty("timings").GetProperty("mean_batch").GetDouble(), 1, 3);
    }

    private static string[] Hashes(JsonElement answer) => [.. answer.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("sha256").GetString()!)];

    private async Task<byte[]> BytesAsync(object body, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = JsonContent.Create(body) };
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await Server.Client.SendAsync(request);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Assert.Equal(accept, answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}

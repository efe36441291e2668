using System.Security.Cryptography;
using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>What an upscaling says of itself: which network made it, and how far it is.</summary>
public sealed class UpscaleTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const string Upscaler = "realesr-animevideov3-x4";

    [Fact]
    public async Task The_answer_names_the_hash_of_the_upscalers_file_and_the_job_counts_tiles()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "models", "upscalers",
            Upscaler + ".onnx"))));
        var answer = await UpscaleAsync(new { image = Grey(96, 64), tile = 32, overlap = 8 });
        Assert.Equal(hash, answer.GetProperty("parameters").GetProperty("model_hash").GetString());
        Assert.Empty(answer.GetProperty("warnings").EnumerateArray());

        var job = (await server.Client.FetchAsync("/v1/jobs/" + answer.GetProperty("id").GetString())).Succeeded();
        var progress = job.GetProperty("progress");
        Assert.True(progress.GetProperty("steps").GetInt32() >= 6);
        Assert.Equal((1.0, progress.GetProperty("steps").GetInt32()), (progress.GetProperty("share").GetDouble(), progress.GetProperty("step").GetInt32()));
        Assert.Equal(hash, job.GetProperty("parameters").GetProperty("model_hash").GetString());
    }

    [Fact]
    public async Task A_hash_that_is_not_the_upscalers_is_warned_of()
    {
        await UpscaleAsync(new { image = Grey(16, 16) }); // loaded: before that its hash is not known
        var answer = await UpscaleAsync(new { image = Grey(16, 16), model_hash = new string('0', 64) });
        Assert.StartsWith("model_hash differs", Assert.Single(answer.GetProperty("warnings").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Tiles_behind_a_generation_count_as_steps()
    {
        var answer = (await server.Client.PostAsync(new { prompt = "canary", seed = 1, steps = 3, count = 2, upscale = new { model = Upscaler, scale = 2 } }))
            .Succeeded();
        var progress = (await server.Client.FetchAsync("/v1/jobs/" + answer.GetProperty("id").GetString())).Succeeded().GetProperty("progress");
        Assert.Equal((8, 8), (progress.GetProperty("step").GetInt32(), progress.GetProperty("steps").GetInt32())); // 64 x 64 is one tile
    }

    [Fact]
    public async Task A_region_worked_on_alone_goes_back_into_a_picture_that_an_upscaler_may_find_too_large()
    {
        var body = new { prompt = "canary", image = Grey(4000, 4000), mask = Grey(4000, 4000), area = "masked", width = 64, height = 64,
            upscale = new { scale = 4 } };
        var fault = Assert.Single((await PostAsync("inpaint", body)).Problem(422, "invalid_request").GetProperty("errors").EnumerateArray());
        Assert.Equal("upscale.scale", fault.GetProperty("field").GetString());
        Assert.Contains("16000 x 16000", fault.GetProperty("message").GetString());
    }

    private async Task<JsonElement> UpscaleAsync(object body) => (await PostAsync("upscale", body)).Succeeded();

    private Task<Answer> PostAsync(string task, object body) => server.Client.PostAsync(body, task: task);

    private static string Grey(int width, int height) =>
        Convert.ToBase64String(PictureEncoder.Encode(Picture.Blank(width, height, 1), PictureFormat.Png, 90, null));
}

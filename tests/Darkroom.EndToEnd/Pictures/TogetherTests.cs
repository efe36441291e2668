using Darkroom.Diffusion.Samplers;
using Darkroom.Imaging;

namespace Darkroom.EndToEnd.Pictures;

/// <summary>A picture does not depend on who else is in the batch.</summary>
public sealed class TogetherTests(BatchingServer server) : IClassFixture<BatchingServer>
{
    private static readonly string[] Things = ["fox", "rocket", "penguin", "red apple", "house", "cactus", "guitar"];
    private static readonly (int Width, int Height)[] Sizes = [(64, 64), (96, 64), (64, 96)];

    [Fact]
    public async Task Thirty_two_requests_at_once_give_each_the_picture_that_it_gives_alone()
    {
        var bodies = Enumerable.Range(0, 32).Select(Body).ToArray();
        Assert.Equal(SamplerCatalog.All.Count, bodies.Select(body => body["sampler"]).Distinct().Count());

        var alone = new List<Answer>();
        foreach (var body in bodies) alone.Add(await server.PostAsync(body));
        var together = await Task.WhenAll(bodies.Select(body => server.PostAsync(body)));

        var differing = new List<string>();
        for (int i = 0; i < bodies.Length; i++)
            if (!alone[i].Pictures().SequenceEqual(together[i].Pictures()))
                differing.Add($"{i} ({string.Join(", ", bodies[i].Where(field => field.Key != "prompt").Select(field => $"{field.Key} {field.Value}"))}): " +
                    $"{Apart(alone[i], together[i])}");
        Assert.True(differing.Count == 0, $"{differing.Count} of {bodies.Length} differ:\n{string.Join('\n', differing)}");

        double[] batches = [.. together.Select(answer => answer.Json.GetProperty("timings").GetProperty("mean_batch").GetDouble())];
        Assert.True(batches.Average() > 1.5, $"Mean batches were {string.Join(", ", batches)}.");
        Assert.All(alone.Zip(bodies), one =>
            Assert.True(one.First.Json.GetProperty("timings").GetProperty("mean_batch").GetDouble() <= (int)one.Second["count"]!));
    }

    /// <summary>Every sampler, schedule, size and strength of guidance comes round; few steps, so that two cores are done in seconds.</summary>
    private static Dictionary<string, object?> Body(int i)
    {
        var sampler = SamplerCatalog.All[i % SamplerCatalog.All.Count];
        var schedules = sampler.Schedules;
        return new()
        {
            ["prompt"] = $"{Things[i % Things.Length]}, 3d render, number {i}",
            ["negative_prompt"] = i % 3 == 0 ? "" : $"dark background {i % 5}",
            ["seed"] = 1000 + 17 * i,
            ["steps"] = 3 + i % 5,
            ["sampler"] = sampler.Name,
            ["schedule"] = schedules[i % schedules.Count],
            ["guidance_scale"] = i % 4 == 3 ? 1 : 1.5 + i % 4,
            ["guidance_rescale"] = i % 6 == 1 ? 0.5 : 0,
            ["cache"] = i % 4 == 2 && sampler.CanBlend ? new { method = "easycache", threshold = 0.3 } : null,
            ["guidance_interval"] = i % 7 == 2 ? new[] { 0.2, 0.8 } : new[] { 0.0, 1.0 },
            ["width"] = Sizes[i / 3 % 3].Width,
            ["height"] = Sizes[i / 3 % 3].Height,
            ["count"] = i % 8 == 5 ? 3 : 1,
            ["noise_source"] = i % 5 == 4 ? "torch_cuda" : "torch_cpu",
        };
    }

    private static string Apart(Answer alone, Answer together)
    {
        int worst = 0, count = 0;
        foreach (var (a, b) in Decoded(alone).Zip(Decoded(together)))
            foreach (var (x, y) in a.Pixels.Zip(b.Pixels))
            {
                worst = Math.Max(worst, Math.Abs(x - y));
                if (x != y) count++;
            }
        return $"{count} values differ, by up to {worst}";
    }

    private static IEnumerable<Picture> Decoded(Answer answer) =>
        answer.Json.GetProperty("images").EnumerateArray().Select(image => PictureDecoder.Decode(image.GetProperty("data").GetBytesFromBase64()));
}

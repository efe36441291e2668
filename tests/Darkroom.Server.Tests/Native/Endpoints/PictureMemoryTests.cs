using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>An answer has its pictures, however little memory there is for them; what cannot be kept after it is said.</summary>
public sealed class PictureMemoryTests
{
    private const string Eight = """{"prompt":"","count":8,"seed":1}""";

    private static readonly (string, string) OneMiB = ("Darkroom:PictureMemoryMiB", "1");

    [Fact]
    public async Task An_answer_has_all_its_pictures_and_says_which_are_not_kept()
    {
        await using var server = await StartAsync();
        using var response = await server.PostAsync(Eight);
        var answer = await response.JsonAsync();
        Assert.All(answer["images"]!.AsArray(), image => Assert.Equal((int?)image!["bytes"], Convert.FromBase64String((string)image["data"]!).Length));
        await AssertKeptAsync(server, answer);
    }

    [Fact]
    public async Task A_job_says_it_too()
    {
        await using var server = await StartAsync();
        using var accepted = await server.PostAsync(Eight, prefer: "respond-async");
        using var job = await server.Client.GetAsync(accepted.Headers.Location);
        await AssertKeptAsync(server, await job.JsonAsync());
    }

    [Fact]
    public async Task Jobs_that_finish_together_answer_each_with_its_picture()
    {
        await using var server = await StartAsync();
        server.Queue.Gate = new();
        var asked = Enumerable.Range(0, 24).Select(seed => server.PostAsync($$"""{"prompt":"","seed":{{seed}}}""", accept: "image/png")).ToArray();
        await Txt2ImgTests.Until(() => server.Queue.Asked.Count == 24);
        server.Queue.Gate.SetResult();
        for (var seed = 0; seed < asked.Length; seed++)
        {
            using var answer = await asked[seed];
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.StartsWith($"picture 0 of seed {seed} ", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_small_job_has_no_warning()
    {
        await using var server = await RunningServer.StartAsync(OneMiB);
        using var response = await server.PostAsync(Eight);
        Assert.Empty((await response.JsonAsync())["warnings"]!.AsArray());
    }

    private static async Task<RunningServer> StartAsync()
    {
        var server = await RunningServer.StartAsync(OneMiB);
        server.Queue.PictureBytes = 300 * 1024;
        return server;
    }

    private static async Task AssertKeptAsync(RunningServer server, JsonObject answer)
    {
        var warning = Assert.Single(answer["warnings"]!.AsArray());
        Assert.StartsWith("images 0, 1, 2, 3, 4: no longer kept at their url. Pictures are kept in memory until newer ones take their room: 1 MiB",
            (string)warning!, StringComparison.Ordinal);
        await GoneAsync(server, (string)answer["images"]![0]!["url"]!);
        foreach (var image in answer["images"]!.AsArray())
        {
            using var picture = await server.Client.GetAsync((string)image!["url"]!);
            if ((int)image["index"]! > 4)
            {
                Assert.Equal(200, (int)picture.StatusCode);
                continue;
            }
            var problem = await picture.ProblemAsync(410, "image_gone");
            Assert.Contains("1 MiB in all (Darkroom:PictureMemoryMiB)", (string)problem["detail"]!);
        }
    }

    // The caller has the answer a moment before the server lets its pictures go.
    private static async Task GoneAsync(RunningServer server, string url)
    {
        for (var i = 0; i < 500; i++)
        {
            using var picture = await server.Client.GetAsync(url);
            if ((int)picture.StatusCode == 410) return;
            await Task.Delay(10);
        }
        Assert.Fail($"{url} is still there.");
    }
}

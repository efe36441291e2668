using Darkroom.Server.Tests.Native.Endpoints;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Http;

/// <summary>Bodies count against the memory for what callers send while they arrive, and whatever ends them gives it back.</summary>
public sealed class UploadMemoryTests
{
    private const int KiB = 1024;

    private static readonly (string, string) OneMiB = ("Darkroom:InputMemoryMiB", "1");

    [Fact]
    public async Task What_has_no_room_is_503_while_it_arrives_and_what_needs_none_goes_on()
    {
        await using var server = await RunningServer.StartAsync(OneMiB);
        using var first = await BeginAsync(server, 900 * KiB);
        await Txt2ImgTests.Until(() => server.InputMemory.HeldBytes >= 900 * KiB);

        using var second = await BeginAsync(server, 900 * KiB);
        var refused = await second.ReadAsync();
        Assert.StartsWith("HTTP/1.1 503 ", refused, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 5", refused);
        Assert.Contains("/problems/inputs_full", refused);
        Assert.InRange(server.InputMemory.HeldBytes, 1, 1024 * KiB);
        using var small = await server.PostAsync("""{"prompt":"a fox"}""");
        Assert.Equal(200, (int)small.StatusCode);

        first.Dispose();
        await Txt2ImgTests.Until(() => server.InputMemory.HeldBytes == 0);
        using var third = await server.PostAsync(PngInfo(padding: 900 * KiB), path: "/v1/png-info");
        Assert.Equal(200, (int)third.StatusCode);
    }

    [Fact]
    public async Task Forty_slow_senders_hold_what_the_limit_says_and_no_more()
    {
        await using var server = await RunningServer.StartAsync(OneMiB);
        var senders = new List<RawHttp>();
        for (var i = 0; i < 40; i++) senders.Add(await BeginAsync(server, 400 * KiB));
        var answers = senders.ConvertAll(sender => sender.ReadAsync());
        await Txt2ImgTests.Until(() => answers.Count(answer => answer.IsCompletedSuccessfully) >= 38); // there is room for two
        Assert.InRange(server.InputMemory.HeldBytes, 400 * KiB, 1024 * KiB);
        foreach (var answer in answers.Where(answer => answer.IsCompletedSuccessfully))
            Assert.StartsWith("HTTP/1.1 503 ", await answer, StringComparison.Ordinal);
        senders.ForEach(sender => sender.Dispose());
        await Txt2ImgTests.Until(() => server.InputMemory.HeldBytes == 0);
    }

    [Fact]
    public async Task Every_end_gives_the_memory_back()
    {
        await using var server = await RunningServer.StartAsync(OneMiB);
        (string Path, string Body, int Status)[] ends =
        [
            ("/v1/png-info", PngInfo(padding: 300 * KiB), 200),
            ("/v1/png-info", "{" + new string(' ', 300 * KiB), 400),
            ("/v1/img2img", "{\"prompt\":\"\"" + new string(' ', 300 * KiB) + "}", 422),
            ("/v1/txt2img", "{\"prompt\":\"\"" + new string(' ', 200 * KiB) + "}", 200),
            ("/v1/txt2img", "{\"prompt\":\"\"" + new string(' ', 300 * KiB) + "}", 413),
            ("/v1/img2img", new string(' ', 2048 * KiB), 413), // more than all there is: no other try would help
        ];
        foreach (var (path, body, status) in ends)
        {
            using var answer = await server.PostAsync(body, path: path);
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            await Txt2ImgTests.Until(() => server.InputMemory.HeldBytes == 0);
        }
    }

    [Fact]
    public async Task A_body_does_not_count_twice_when_its_pictures_are_kept_for_the_job()
    {
        await using var server = await RunningServer.StartAsync(OneMiB);
        server.Queue.Gate = new();
        var picture = Convert.ToBase64String(TestPictures.Of(64, 64));
        var body = "{\"prompt\":\"\",\"image\":\"" + picture + "\"" + new string(' ', 700 * KiB) + "}";
        using var accepted = await server.PostAsync(body, path: "/v1/img2img", prefer: "respond-async");
        Assert.Equal(202, (int)accepted.StatusCode);
        await Txt2ImgTests.Until(() => server.InputMemory.HeldBytes == 0); // the scripted store counts for itself
        Assert.Single(server.Inputs.Held);
    }

    private static async Task<RawHttp> BeginAsync(RunningServer server, int bytes)
    {
        var raw = await RawHttp.ConnectAsync(server);
        await raw.SendAsync($"POST /v1/img2img HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {bytes + 1000}\r\n\r\n");
        await raw.SendAsync(new string(' ', bytes));
        return raw;
    }

    private static string PngInfo(int padding) =>
        "{\"image\":\"" + Convert.ToBase64String(TestPictures.Of(8, 8, parameters: "a fox\nSteps: 20")) + "\"" + new string(' ', padding) + "}";
}

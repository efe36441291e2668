using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Darkroom.Server.Commands;
using Darkroom.Server.Commands.Top;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Commands;

public sealed class TopCommandTests
{
    [Fact]
    public async Task Once_shows_queue_devices_memory_and_jobs()
    {
        await using var server = await RealServer.StartAsync();
        await server.PostAsync("""{"prompt":"canarytop1120","steps":4,"upscale":null}""");
        var running = await server.PostAsync("""{"prompt":"canarytop1120","steps":150,"count":8,"upscale":null}""", waits: false);
        string output = "";
        // The queue's figures are read before the jobs, so a job may start between the two: only a later screen shows it in both. The part used last is
        // told first, and the line has room for two: before the first step these may be the encoder and the decoder.
        for (int i = 0; i < 500 && !(Regex.IsMatch(output, @"[1-9]\d*/1200") && output.Contains(" 1 running", StringComparison.Ordinal)); i++)
        {
            var (code, text, error) = await RunAsync("--once", "--url", server.Client.BaseAddress!.ToString());
            Assert.True(code == 0, error);
            output = text;
        }
        foreach (var pattern in (string[])
        [
            @"^darkroom \d\S*  http://127\.0\.0\.1:\d+/  all, up \d", @"^queue     0 waiting \(0 megapixel-steps\), 1 running",
            @"^a minute  \d+ jobs, \d+ pictures",
            @"^cpu +(working|idle) +#*\.* +\d+ %", @"starter/unet", @"^weights +#*\.* +\d+ % +\d+ \w+ of \d+", @"^arena ", @"^process ",
            $@"^{((string)running["id"]!)[..12]} +txt2img +starter +#*\.* +\d+ % +\d+/1200 ",
        ])
            Assert.Matches("(?m)" + pattern, output);
        Assert.DoesNotContain('\u001b', output);
        Assert.DoesNotContain("canarytop", output);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 120, line));
    }

    [Fact]
    public async Task Key_is_sent_and_asked_for_in_plain_words()
    {
        var keys = new TestKeys();
        var (reader, metrics) = (await keys.AddAsync("alice", KeyScope.Read), await keys.AddAsync("scraper", KeyScope.Metrics));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var url = server.Client.BaseAddress!.ToString();
        var (code, output, _) = await RunAsync("--url", url, "--key", reader);
        Assert.Equal(0, code);
        Assert.Contains("No jobs that this key may see", output);
        foreach (var given in (string[][])[[], ["--key", metrics], ["--key", "wrong"]])
        {
            var refused = await RunAsync(["--url", url, .. given]);
            Assert.Equal((1, ""), (refused.Code, refused.Output));
            Assert.Equal($"The server at {url} asks for a key with the scope read: give it as --key, or in DARKROOM_KEY.", refused.Error.Trim());
        }
    }

    [Fact]
    public async Task Server_that_cannot_be_reached_is_told_plainly()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var (code, output, error) = await RunAsync("--url", $"http://127.0.0.1:{port}");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"The server at http://127.0.0.1:{port}/ cannot be reached: ", error);
        Assert.DoesNotContain("   at ", error);
        Assert.Contains("is no address of a server", (await RunAsync("--url", "localhost")).Error);
    }

    [Fact]
    public async Task Something_else_that_answers_is_told_plainly()
    {
        await using var other = await TestKit.Web.WebhookReceiver.StartAsync();
        var (code, _, error) = await RunAsync("--url", other.Origin);
        Assert.Equal(1, code);
        Assert.Equal($"What answers at {other.Origin}/ is no Darkroom server.", error.Trim());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(200)]
    public void Frame_is_no_wider_than_the_terminal(int width)
    {
        var stats = new TopStats
        {
            Version = "1.2.3", Role = "all", Uptime = 100_000, Queue = new() { Waiting = 3, Running = 1, MegapixelSteps = 12.5, Oldest = 130, Paused = true },
            Devices =
            [
                new()
                {
                    Name = "cuda:0", State = "working", Busy = 0.5, UsedBytes = 5L << 30, BudgetBytes = 10L << 30,
                    Calls = [new("denoise", "sdxl", 4, 0.25)],
                    Loaded = [.. Enumerable.Range(0, 20).Select(index => new TopLoaded($"model-{index}/unet", 1 << 20))],
                },
            ],
            Memory = [new("weights", 5L << 30, 10L << 30)], Rates = new(0.5, 1, 2), Batches = new(100, 3.25),
        };
        var waiting = Enumerable.Range(0, 100).Select(index => new TopJob { Id = $"job-{index}", Task = "txt2img", Progress = new() { Position = index } });
        var lines = TopScreen.Lines(TopFrame.Of(new Uri("http://a"), new(stats, [], [.. waiting], null), width, height: 24), width, isColoured: false);
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(lines, line => line.Contains("PAUSED", StringComparison.Ordinal) || width < 80);
        if (width >= 80) Assert.True(lines.Length <= 24, $"{lines.Length} lines");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var console = new Written();
        var code = await DarkroomCommand.RunAsync(["top", .. args], (_, _) => { }, console);
        return (code, console.Out.ToString()!, console.Error.ToString()!);
    }

    private sealed class Written : IConsole
    {
        public TextWriter Out { get; } = new StringWriter();
        public TextWriter Error { get; } = new StringWriter();
        public bool IsInteractive => false;
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Darkroom.Imaging;
using Darkroom.Server.Commands;
using Darkroom.Server.Configuration;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Commands.Generate;

/// <summary>Commands that have a server do the work, against a real one with the starter model.</summary>
public sealed class ServerRunTests : IDisposable
{
    private const string Key = "a-key-of-this-test-alone";

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-server-run-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("txt2img", "--size 64x64")]
    [InlineData("img2img", "--image IMAGE --strength 0.6")]
    [InlineData("inpaint", "--image IMAGE --mask MASK --mask-blur 2")]
    [InlineData("outpaint", "--image IMAGE --right 16 --up 16")]
    public async Task A_task_gives_the_picture_that_the_API_gives_with_and_without_a_server(string task, string options)
    {
        await using var server = await RealServer.StartAsync();
        var (image, mask) = Pictures();
        string[] words = [.. options.Split(' ').Select(word => word == "IMAGE" ? PathOf("image.png") : word == "MASK" ? PathOf("mask.png") : word)];
        string[] args = ["generate", "red apple", "--seed", "42", "--steps", "5", .. words];

        var body = new JsonObject { ["prompt"] = "red apple", ["seed"] = 42, ["steps"] = 5 };
        if (task == "txt2img") (body["width"], body["height"]) = (64, 64);
        else body["image"] = Convert.ToBase64String(image);
        if (task == "img2img") body["strength"] = 0.6;
        if (task == "inpaint") (body["mask"], body["mask_blur"]) = (Convert.ToBase64String(mask), 2);
        if (task == "outpaint") (body["right"], body["up"]) = (16, 16);

        await HoldAsync(server, task, body, args);
    }

    [Fact]
    public async Task Upscale_gives_the_picture_that_the_API_gives_with_and_without_a_server()
    {
        await using var server = await RealServer.StartAsync();
        var (image, _) = Pictures();
        var body = new JsonObject { ["image"] = Convert.ToBase64String(image), ["scale"] = 2 };
        await HoldAsync(server, "upscale", body, ["upscale", PathOf("image.png"), "--scale", "2"]);
    }

    [Fact]
    public async Task A_key_comes_from_the_environment_or_from_the_option_which_wins()
    {
        await using var server = await RealServer.StartAsync(("Darkroom:ApiKey", Key));
        string address = AddressOf(server);
        string[] args = ["generate", "fox", "--steps", "1", "--seed", "1", "--output", PathOf("fox.png")];

        var console = new ScriptedConsole(variables: [("DARKROOM_URL", address), ("DARKROOM_KEY", Key)]);
        Assert.True(await RunAsync(console, args) == 0, console.Errors);
        Assert.True(File.Exists(PathOf("fox.png")));

        console = new ScriptedConsole(variables: [("DARKROOM_URL", "http://127.0.0.1:1"), ("DARKROOM_KEY", "wrong-key-of-somebody")]);
        Assert.True(await RunAsync(console, [.. args, "--server", address, "--key", Key]) == 0, console.Errors);

        console = new ScriptedConsole(variables: [("DARKROOM_KEY", Key)]);
        Assert.Equal(1, await RunAsync(console, [.. args, "--server", address, "--key", "wrong-key-of-somebody"]));
        Assert.Contains("key", console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);
        Assert.DoesNotContain("wrong-key", console.Errors);
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_told_in_a_sentence()
    {
        var console = new ScriptedConsole();
        Assert.Equal(1, await RunAsync(console, ["generate", "fox", "--server", "http://127.0.0.1:1"]));
        Assert.StartsWith("http://127.0.0.1:1/ cannot be reached: ", console.Errors);
        Assert.DoesNotContain("   at ", console.Errors);

        console = new ScriptedConsole(variables: [("DARKROOM_URL", "pictures")]);
        Assert.Equal(1, await RunAsync(console, ["generate", "fox"]));
        Assert.StartsWith("DARKROOM_URL is 'pictures', and must be an http or https address", console.Errors);
    }

    [Fact]
    public async Task Faults_are_told_as_they_are_without_a_server()
    {
        await using var server = await RealServer.StartAsync();
        string[] args = ["generate", "fox", "--steps", "0", "--guidance", "many", "--size", "65x64", "--sampler", "none", "--strength", "0.5"];
        var (here, there) = (new ScriptedConsole(), new ScriptedConsole());
        Assert.Equal(1, await RunAsync(here, args));
        Assert.Equal(1, await RunAsync(there, [.. args, "--server", AddressOf(server)]));
        Assert.Contains("steps: steps must be 1…150. (1…150)", there.Errors);
        Assert.Contains("strength", there.Errors);
        Assert.Equal(here.Errors, there.Errors);
    }

    [Fact]
    public async Task Options_that_mean_two_tasks_and_files_that_are_not_there_are_told_before_anything_is_sent()
    {
        var console = new ScriptedConsole();
        Assert.Equal(1, await RunAsync(console, ["generate", "fox", "--image", "a.png", "--mask", "b.png", "--left", "8", "--server", "http://127.0.0.1:1"]));
        Assert.Contains("--mask repaints a part of a picture, and --left, --right, --up, --down extend it", console.Errors);

        console = new ScriptedConsole();
        Assert.Equal(1, await RunAsync(console, ["upscale", PathOf("nothing.png"), "--server", "http://127.0.0.1:1"]));
        Assert.StartsWith(PathOf("nothing.png") + " cannot be read: ", console.Errors);
    }

    [Theory]
    [InlineData("TERM=xterm-kitty", "\e_Ga=T,f=100,q=2,C=1,i=1146220000,p=1,c=32,r=16,m=")]
    [InlineData("TERM=xterm TERM_PROGRAM=iTerm.app", "\e]1337;File=inline=1;size=")]
    [InlineData("TERM=xterm COLORTERM=truecolor", "\e[38;2;")]
    public async Task Watching_shows_previews_above_the_line_that_fills(string environment, string begins)
    {
        await using var server = await RealServer.StartAsync();
        (string, string)[] variables = [.. environment.Split(' ').Select(one => one.Split('=')).Select(pair => (pair[0], pair[1]))];
        string[] args = ["generate", "fox", "--steps", "30", "--seed", "1", "--size", "64x64", "--output", PathOf("fox.png"), "--watch"];
        foreach (string[] where in (string[][])[["--server", AddressOf(server)], []])
        {
            var console = new ScriptedConsole(isInteractive: true, variables);
            Assert.True(await RunAsync(console, [.. args, .. where]) == 0, console.Errors);
            Assert.Contains("\e7\e[16A\e[1G" + begins, console.Errors);
            Assert.Contains("\e8", console.Errors);
            Assert.Matches(@"\[#+\.*\] \d+/\d+", console.Errors);
            Assert.DoesNotContain('\e', console.Results);
        }
        var redirected = new ScriptedConsole(isInteractive: false, variables);
        Assert.Equal(0, await RunAsync(redirected, [.. args, "--server", AddressOf(server)]));
        Assert.Empty(redirected.Errors);
    }

    [Fact]
    public async Task An_interrupt_cancels_the_job_on_the_server()
    {
        await using var server = await RealServer.StartAsync();
        using var process = Process.Start(ServerProgram.Start(
            "generate", "fox", "--steps", "150", "--count", "8", "--output", PathOf("fox.png"), "--server", AddressOf(server)).Heeding(Signal.Interrupt))!;
        await StatusAsync(server, "running");
        Signal.Send(process, Signal.Interrupt); // as Ctrl-C sends it
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("cancelled", error);
        Assert.DoesNotContain("   at ", error);
        await StatusAsync(server, "cancelled");
        Assert.Empty(Directory.EnumerateFiles(folder, "fox*"));
    }

    /// <summary>Holds the files of a command on a server and without one to what the API answers.</summary>
    private async Task HoldAsync(RealServer server, string task, JsonObject body, string[] args)
    {
        using var content = new StringContent(body.ToJsonString(), null, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + task) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("image/png"));
        using var response = await server.Client.SendAsync(request);
        byte[] expected = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(expected));

        foreach (string[] where in (string[][])[["--server", AddressOf(server)], []])
        {
            string file = PathOf($"made{where.Length}.png");
            var console = new ScriptedConsole();
            Assert.True(await RunAsync(console, [.. args, "--output", file, .. where]) == 0, console.Errors);
            Assert.Equal(expected, await File.ReadAllBytesAsync(file));
            Assert.StartsWith(file, console.Results);
            Assert.Empty(console.Errors);
        }
    }

    private static async Task StatusAsync(RealServer server, string status)
    {
        for (int i = 0; i < 3000; i++)
        {
            var page = JsonNode.Parse(await server.Client.GetStringAsync("/v1/jobs?status=" + status))!;
            if (page["data"]!.AsArray().Count > 0) return;
            await Task.Delay(10);
        }
        Assert.Fail($"No job is {status}.");
    }

    private (byte[] Image, byte[] Mask) Pictures()
    {
        var (image, mask) = (Picture.Blank(64, 64, 3), Picture.Blank(64, 64, 1));
        for (int y = 0; y < 64; y++)
            for (int x = 0; x < 64; x++)
            {
                (image.Row(y)[3 * x], image.Row(y)[3 * x + 1], image.Row(y)[3 * x + 2]) = ((byte)(4 * x), (byte)(4 * y), 90);
                if (x >= 32) mask.Row(y)[x] = 255;
            }
        var files = (PictureEncoder.Encode(image, PictureFormat.Png, 90, null), PictureEncoder.Encode(mask, PictureFormat.Png, 90, null));
        File.WriteAllBytes(PathOf("image.png"), files.Item1);
        File.WriteAllBytes(PathOf("mask.png"), files.Item2);
        return files;
    }

    private string PathOf(string name) => Path.Combine(folder, name);

    private static string AddressOf(RealServer server) => server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private Task<int> RunAsync(ScriptedConsole console, string[] args) => DarkroomCommand.RunAsync(
        [.. args, "--models-path", Path.Combine(Repository.Root, "models"), "--data-path", PathOf("data")], Rooms.Add, console);
}

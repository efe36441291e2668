using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The hundred pictures of <c>examples/batch</c>, whatever happens on the way.</summary>
public sealed class BatchExampleTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_makes_every_picture_once()
    {
        using var port = new ReservedPort();
        var server = await StartAsync(port.Number);
        var address = server.Client.BaseAddress!;
        using var folder = Folder(address);
        await using var running = folder.StartLine(Quick());
        await using (server)
        {
            await MadeAsync(folder, 20);
            await server.KillAsync();
        }
        Assert.InRange(folder.Pictures("pictures").Length, 20, 99);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        await using var again = await StartAsync(port.Number);
        string output = (await running.ExitAsync(Patience)).Succeeded();

        Assert.Equal(100, Regex.Count(output, "^ *[0-9]+ of 100  ", RegexOptions.Multiline));
        string[] files = Complete(folder);
        await JobsAsync(again, 100);
        // One of them as the API makes it.
        string crab = Assert.Single(files, file => file.StartsWith("crab-", StringComparison.Ordinal));
        var order = new { prompt = "crab, 3d render, on a light blue background", seed = 57, steps = 4, upscale = (object?)null };
        var same = await again.Client.PostAsync(order, "image/png");
        Assert.Equal(same.Bytes, folder.Read("pictures/" + crab));

        // Another run makes nothing, and gets a file that is gone from the job that made it.
        byte[] made = folder.Read("pictures/" + files[7]);
        File.Delete(folder.PathOf("pictures/" + files[7]));
        Assert.StartsWith("100 pictures, 99 of them are there\n", (await folder.RunLineAsync(Quick())).Succeeded());
        Assert.Equal(made, folder.Read("pictures/" + files[7]));
        await JobsAsync(again, 101);
    }

    [Fact]
    public async Task A_run_that_is_stopped_goes_on_where_it_was()
    {
        await using var server = await StartAsync();
        using var folder = Folder(server.Client.BaseAddress!);
        await using (var running = folder.StartLine(Quick()))
        {
            await MadeAsync(folder, 20);
            running.Send(Signal.Terminate);
            var stopped = await running.ExitAsync(Patience);
            Assert.Equal((130, "Stopping; another run goes on from here.\n"), (stopped.ExitCode, stopped.Error));
        }
        int there = folder.Pictures("pictures").Length;
        Assert.InRange(there, 20, 99);
        Assert.Equal(100 - there, Regex.Count(File.ReadAllText(folder.PathOf("pictures/index.html")), "not made yet"));
        Assert.StartsWith($"100 pictures, {there} of them are there\n", (await folder.RunLineAsync(Quick())).Succeeded());
        Complete(folder);
        await JobsAsync(server, 100);
    }

    [Fact]
    public async Task A_full_queue_is_waited_for_as_long_as_it_asks()
    {
        await using var server = await StartAsync(settings: [("Darkroom__Engine__MaxQueued", "1"), ("Serilog__MinimumLevel__Default", "Debug")]);
        using var folder = Folder(server.Client.BaseAddress!);
        string output = (await folder.RunLineAsync(Quick(lines: 20) + " --at-once 20")).Succeeded();
        Assert.Contains("20 of 20", output);
        await JobsAsync(server, 20);
        Assert.Contains("503", server.Output);
    }

    [Fact]
    public async Task A_line_that_cannot_be_made_is_named_and_the_others_are_made()
    {
        await using var server = await StartAsync();
        using var folder = Folder(server.Client.BaseAddress!);
        File.WriteAllText(folder.PathOf("own.csv"), "prompt,seed,steps\n\"<b>\"\"apple\"\", 3d\nrender\",1,4\nfox,2,1000\nfox,2,1000\nowl,,4\n");
        var outcome = await folder.RunLineAsync("python3 examples/batch/batch.py own.csv --output made");
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("3 pictures, 0 of them are there\n", outcome.Output);
        Assert.Contains("failed      fox: steps must be 1…150.\n", outcome.Output);
        string page = File.ReadAllText(folder.PathOf("made/index.html"));
        Assert.Contains("<div>steps must be 1…150.</div>", page);
        Assert.Contains("alt=\"&lt;b&gt;&quot;apple&quot;, 3d\nrender, seed 1, steps 4\"", page);
        Assert.Equal(2, folder.Pictures("made").Length);

        File.WriteAllText(folder.PathOf("bad.csv"), "prompt,seed\nfox,1,4\n");
        var refused = await folder.RunLineAsync("python3 examples/batch/batch.py bad.csv");
        Assert.Equal((1, "bad.csv, line 2: a prompt is needed, and as many cells as there are columns.\n"), (refused.ExitCode, refused.Error));
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private Task<StartedServer> StartAsync(int port = 0, params (string, string)[] settings) =>
        StartedServer.StartOfAsync(ServerProgram.Start("--urls", $"http://127.0.0.1:{port}"), data, settings);

    // The lines of the table that ships, with fewer steps and as they are drawn, so that a hundred of them take seconds.
    private static ExampleFolder Folder(Uri server)
    {
        var folder = new ExampleFolder(server);
        string[] lines = File.ReadAllLines(folder.PathOf("examples/batch/prompts.csv"));
        Assert.Equal(101, lines.Length);
        string[] quick = [$"{lines[0]},steps,upscale", .. lines.Skip(1).Select(line => line + ",4,null")];
        File.WriteAllLines(folder.PathOf("quick.csv"), quick);
        File.WriteAllLines(folder.PathOf("quick20.csv"), quick.Take(21));
        return folder;
    }

    private static string Quick(int? lines = null) =>
        ExampleTable.Of("batch/batch.py").Replace("examples/batch/prompts.csv", $"quick{lines}.csv", StringComparison.Ordinal);

    private static Task MadeAsync(ExampleFolder folder, int count) => Calls.UntilAsync($"{count} pictures are made", () =>
        Task.FromResult(Directory.Exists(folder.PathOf("pictures")) && folder.Pictures("pictures").Length >= count));

    /// <summary>All hundred, each a picture of its own, and on the page in the table's order.</summary>
    private static string[] Complete(ExampleFolder folder)
    {
        string[] files = folder.Pictures("pictures");
        Assert.Equal(100, files.Length);
        Assert.All(files, file => folder.Picture("pictures/" + file, 64, 64));
        Assert.Equal(100, files.Select(file => Convert.ToHexString(SHA256.HashData(folder.Read("pictures/" + file)))).Distinct().Count());
        Assert.Empty(Directory.EnumerateFiles(folder.PathOf("pictures"), "*.part"));
        string[] shown = [.. Regex.Matches(File.ReadAllText(folder.PathOf("pictures/index.html")), "<img src=\"([^\"]+)\"").Select(one => one.Groups[1].Value)];
        Assert.Equal(files, shown.Order(StringComparer.Ordinal));
        Assert.StartsWith("red-apple-", shown[0]);
        Assert.StartsWith("ghost-", shown[^1]);
        return files;
    }

    /// <summary>How many jobs there are, all of which have succeeded.</summary>
    private static async Task JobsAsync(StartedServer server, int expected)
    {
        var jobs = new List<JsonElement>();
        for (string? next = ""; next is not null;)
        {
            var page = (await server.Client.FetchAsync("/v1/jobs?limit=100" + (next.Length > 0 ? "&after=" + next : ""))).Succeeded();
            jobs.AddRange(page.GetProperty("data").EnumerateArray());
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }
        Assert.Equal(expected, jobs.Count);
        Assert.All(jobs, job => Assert.Equal("succeeded", job.GetProperty("status").GetString()));
    }
}

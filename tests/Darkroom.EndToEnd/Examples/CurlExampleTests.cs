using Darkroom.EndToEnd.Documents;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The shell scripts of <c>examples/curl</c>.</summary>
public sealed class CurlExampleTests(ExampleServer server) : IClassFixture<ExampleServer>
{
    [Fact]
    public async Task Txt2img_makes_the_picture_of_the_API()
    {
        using var folder = Folder();
        Assert.Equal("txt2img.png\n", (await folder.RunAsync("curl/txt2img.sh")).Succeeded());
        folder.Picture("txt2img.png", 256, 256);
        Assert.Equal(await server.PictureAsync(new { prompt = "red apple, 3d render", seed = 42 }), folder.Read("txt2img.png"));
    }

    [Fact]
    public async Task A_wrong_value_ends_with_the_servers_words_and_without_a_file()
    {
        using var folder = Folder();
        var outcome = await folder.RunLineAsync("sh examples/curl/txt2img.sh 'red apple' 1.5");
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("""{"field":"seed","message":"seed must be a whole number.","value":1.5""", outcome.Error);
        Assert.Empty(folder.Pictures());
    }

    [Fact]
    public async Task A_prompt_is_taken_as_it_stands()
    {
        using var folder = Folder();
        const string Prompt = """@apple; "quoted" \ {0} ünï""";
        (await folder.RunLineAsync($"sh examples/curl/txt2img.sh '{Prompt}' 5")).Succeeded();
        Assert.Equal(await server.PictureAsync(new { prompt = Prompt, seed = 5 }), folder.Read("txt2img.png"));
    }

    [Fact]
    public async Task Five_tasks_make_the_pictures_of_the_API()
    {
        using var folder = Folder();
        (await folder.RunAsync("curl/five-tasks.sh")).Succeeded();
        await FiveTasks.AreThoseOfTheApiAsync(server.Client, folder);
    }

    [Fact]
    public async Task Follow_shows_every_step_and_previews_and_the_picture()
    {
        using var folder = Folder();
        string[] lines = (await folder.RunAsync("curl/follow.sh")).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith($"{server.Client.BaseAddress}v1/jobs/", lines[0]);
        Assert.Contains("started", lines);
        Assert.Contains("step 51 of 51", lines);
        Assert.Equal("follow.png", lines[^1]);
        folder.Picture("follow.png", 256, 256);
        // Which of them a reader who comes a moment late still sees depends on that moment.
        string[] previews = [.. folder.Pictures().Where(file => file.StartsWith("preview-", StringComparison.Ordinal))];
        Assert.Contains("preview-40.png", previews);
        Assert.Equal(previews.Order(), lines.Where(line => line.StartsWith("preview-", StringComparison.Ordinal)).Order());
        Assert.All(previews, file => folder.Picture(file, 64, 64));
        Assert.Equal(
            await server.PictureAsync(new { prompt = "fox, 3d render, on a light blue background", seed = 7, steps = 50 }), folder.Read("follow.png"));
    }

    [Fact]
    public async Task Cancel_cancels_both_ways()
    {
        using var folder = Folder();
        Assert.Equal("by DELETE: cancelled\nby hanging up: cancelled\n", (await folder.RunAsync("curl/cancel.sh")).Succeeded());
    }

    [Fact]
    public async Task Retry_makes_one_job_of_two_requests()
    {
        using var folder = Folder();
        string[] lines = (await folder.RunAsync("curl/retry.sh")).Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches("^job [0-9a-f]{32}, seed [0-9]+, replayed: $", lines[0]);
        Assert.Equal(lines[0] + "true", lines[1]);
        folder.Picture("retry.png", 256, 256);
    }

    [Fact]
    public async Task Png_info_makes_the_same_picture_again()
    {
        using var folder = Folder();
        string output = (await folder.RunAsync("curl/png-info.sh")).Succeeded();
        Assert.Contains("red apple, 3d render", output);
        if (!File.Exists("/usr/bin/jq")) return;
        Assert.EndsWith("again.png is the same, byte for byte\n", output);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Repository.Root, "docs", "apple.png")), folder.Read("again.png"));
    }

    private ExampleFolder Folder()
    {
        Assert.SkipUnless(ReaderShell.IsThere, "There is no bash, or no curl.");
        return server.Folder();
    }
}

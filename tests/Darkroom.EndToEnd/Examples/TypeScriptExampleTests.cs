using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The programs of <c>examples/typescript</c>, run by Node.js as they stand.</summary>
public sealed class TypeScriptExampleTests(ExampleServer server) : IClassFixture<ExampleServer>
{
    private const string Fox = "fox, 3d render, on a light blue background";

    [Fact]
    public async Task Types_are_right()
    {
        using var folder = Folder();
        string packages = Path.Combine(NodeRuntime.Folder, "node_modules");
        (await folder.RunLineAsync(
            $"node {packages}/typescript/bin/tsc -p {Repository.Root}/examples/typescript --typeRoots {packages}/@types")).Succeeded();
    }

    [Fact]
    public async Task Txt2img_makes_the_picture_of_the_API()
    {
        using var folder = Folder();
        var outcome = await folder.RunAsync("typescript/txt2img.ts");
        Assert.Equal("txt2img.png, seed 42\n", outcome.Succeeded());
        Assert.Equal("", outcome.Error); // no warning of Node.js either
        folder.Picture("txt2img.png", 256, 256);
        Assert.Equal(await server.PictureAsync(new { prompt = "red apple, 3d render", seed = 42 }), folder.Read("txt2img.png"));
    }

    [Fact]
    public async Task Edit_sends_a_file_and_makes_the_picture_of_the_API()
    {
        using var folder = Folder();
        string output = (await folder.RunAsync("typescript/edit.ts")).Succeeded();
        string seed = output.Split("seed ")[1].Trim();
        folder.Picture("edit.png", 64, 64);
        var same = await server.Client.FormAsync("img2img", [("image", await File.ReadAllBytesAsync(folder.PathOf("docs/task-txt2img.png")))],
            ("prompt", "orange, 3d render, on a light blue background"), ("strength", "0.7"), ("seed", seed));
        Assert.Equal(same.Bytes, folder.Read("edit.png"));
    }

    [Theory]
    [InlineData("edit.ts docs/task-txt2img.png orange 7", "strength must be 0…1.")]
    [InlineData("edit.ts docs/fields.md orange", "Not a PNG, JPEG, WebP or npy file.")]
    [InlineData("edit.ts nothing.png orange", "no such file")]
    [InlineData("txt2img.ts fox 1.5", "seed must be a whole number.")]
    public async Task What_is_wrong_is_told_in_a_sentence(string arguments, string words)
    {
        using var folder = Folder();
        var outcome = await folder.RunLineAsync("node examples/typescript/" + arguments);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(words, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error);
        Assert.Empty(folder.Pictures());
    }

    [Fact]
    public async Task Follow_shows_steps_and_previews_and_the_picture()
    {
        using var folder = Folder();
        string output = (await folder.RunAsync("typescript/follow.ts")).Succeeded();
        Assert.Contains("0 jobs are before this one", output);
        Assert.Contains("step 61 of 61, 0.0 s left", output);
        Assert.EndsWith("follow-7.png, 256×256\n", output);
        folder.Picture("preview.png", 64, 64);
        Assert.Equal(await server.PictureAsync(new { prompt = Fox, seed = 7, steps = 60 }), folder.Read("follow-7.png"));
    }

    [Fact]
    public async Task Interrupting_follow_cancels_its_job()
    {
        using var folder = Folder();
        await using var running = folder.Start("typescript/follow.ts");
        await running.SaidAsync("before this one");
        await Task.Delay(300, TestContext.Current.CancellationToken);
        running.Send(Signal.Interrupt);
        var outcome = await running.ExitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, outcome.ExitCode);
        Assert.EndsWith("cancelled: The job was cancelled before it was finished.\n", outcome.Output);
        Assert.Equal(("txt2img", "cancelled"), await server.NewestJobAsync());
    }

    [Fact]
    public async Task Interrupting_edit_hangs_up_and_that_cancels()
    {
        using var folder = Folder();
        // Nothing runs meanwhile, so that the picture is not made before the signal comes.
        await using var pause = await server.PausedAsync();
        await using var running = folder.Start("typescript/edit.ts");
        await Calls.UntilAsync("the job waits", async () => await server.NewestJobAsync() is ("img2img", "queued"));
        running.Send(Signal.Interrupt);
        var outcome = await running.ExitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((1, "cancelled\n"), (outcome.ExitCode, outcome.Error));
        await Calls.UntilAsync("the job is cancelled", async () => await server.NewestJobAsync() is ("img2img", "cancelled"));
    }

    private ExampleFolder Folder()
    {
        Assert.SkipUnless(NodeRuntime.Has("typescript"), "The packages of tests/node are not installed: ./test restore");
        return server.Folder();
    }
}

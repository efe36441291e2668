using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>The programs of <c>examples/python</c>.</summary>
public sealed class PythonExampleTests(ExampleServer server) : IClassFixture<ExampleServer>
{
    [Fact]
    public async Task Txt2img_makes_the_picture_of_the_API()
    {
        using var folder = server.Folder();
        Assert.Equal("txt2img.png, seed 42\n", (await folder.RunAsync("python/txt2img.py")).Succeeded());
        folder.Picture("txt2img.png", 256, 256);
        Assert.Equal(await server.PictureAsync(new { prompt = "red apple, 3d render", seed = 42 }), folder.Read("txt2img.png"));
    }

    [Fact]
    public async Task A_wrong_value_is_told_in_the_servers_words()
    {
        using var folder = server.Folder();
        var outcome = await folder.RunAsync("python/txt2img.py", "--steps 1000");
        Assert.Equal((1, "The request has values that are wrong\nsteps must be 1…150.\n"), (outcome.ExitCode, outcome.Error));
        Assert.Empty(folder.Pictures());
    }

    [Theory]
    [InlineData("python/txt2img.py")]
    [InlineData("python/tasks_requests.py")]
    public async Task Without_a_server_there_is_a_sentence(string file)
    {
        using var folder = new ExampleFolder(new Uri("http://127.0.0.1:9"));
        var outcome = await folder.RunAsync(file);
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("No server answers", outcome.Error);
        Assert.DoesNotContain("Traceback", outcome.Error);
    }

    [Theory]
    [InlineData("python/txt2img.py")]
    [InlineData("python/tasks_requests.py")]
    public async Task A_wrong_key_is_told_in_the_servers_words(string file)
    {
        using var folder = new ExampleFolder(server.Client.BaseAddress!, "wrong");
        var outcome = await folder.RunAsync(file);
        Assert.Equal(1, outcome.ExitCode);
        Assert.DoesNotContain("Traceback", outcome.Error);
        Assert.Contains("key", outcome.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Requests_makes_the_five_tasks_and_follows_a_job_and_names_wrong_fields()
    {
        using var folder = server.Folder();
        string output = (await folder.RunAsync("python/tasks_requests.py")).Succeeded();
        await FiveTasks.AreThoseOfTheApiAsync(server.Client, folder);
        Assert.Contains("step 51 of 51", output);
        Assert.Equal(
            await server.PictureAsync(new { prompt = "fox, 3d render, on a light blue background", seed = 7, steps = 50 }), folder.Read("fox.png"));
        Assert.EndsWith("fox.png\nrefused: steps = 1000, may be 1…150\nrefused: width = 50, may be 16…96, multiple of 16\n", output);
    }
}

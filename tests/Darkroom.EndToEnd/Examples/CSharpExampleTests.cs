namespace Darkroom.EndToEnd.Examples;

/// <summary>The programs of <c>examples/csharp</c>, built and run by the SDK from their one file.</summary>
public sealed class CSharpExampleTests(ExampleServer server) : IClassFixture<ExampleServer>
{
    private const string Orange = "orange, 3d render, on a light blue background";

    [Fact]
    public async Task Txt2img_makes_the_picture_of_the_API()
    {
        using var folder = server.Folder();
        Assert.EndsWith("txt2img.png, seed 42\n", (await folder.RunAsync("csharp/txt2img.cs")).Succeeded());
        folder.Picture("txt2img.png", 256, 256);
        Assert.Equal(await server.PictureAsync(new { prompt = "red apple, 3d render", seed = 42 }), folder.Read("txt2img.png"));
    }

    [Fact]
    public async Task A_wrong_value_is_told_in_the_servers_words()
    {
        using var folder = server.Folder();
        var outcome = await folder.RunLineAsync("dotnet run examples/csharp/txt2img.cs -- fox -2");
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("seed must be 0…", outcome.Error);
        Assert.Empty(folder.Pictures());
    }

    [Fact]
    public async Task Img2img_sends_a_file_and_shows_a_bar_and_a_preview()
    {
        using var folder = server.Folder();
        string output = (await folder.RunAsync("csharp/img2img.cs")).Succeeded();
        Assert.Matches(@"\[#{30}\] ([0-9]+)/\1, 0\.0 s left", output);
        Assert.EndsWith("img2img.png\n", output);
        folder.Picture("preview.png", 64, 64);
        folder.Picture("img2img.png", 64, 64);
        var same = await server.Client.FormAsync("img2img", [("image", await File.ReadAllBytesAsync(folder.PathOf("docs/task-txt2img.png")))],
            ("prompt", Orange), ("strength", "0.7"), ("steps", "60"), ("seed", "3"));
        Assert.Equal(same.Bytes, folder.Read("img2img.png"));
    }

    [Fact]
    public async Task Image_generator_makes_and_changes_a_picture()
    {
        using var folder = server.Folder();
        Assert.EndsWith("made.png\nchanged.png\n", (await folder.RunAsync("csharp/image-generator.cs")).Succeeded());
        folder.Picture("made.png", 256, 256);
        folder.Picture("changed.png", 96, 96);
        var same = await server.Client.FormAsync("img2img", [("image", folder.Read("made.png"))], ("prompt", Orange), ("strength", "0.7"), ("seed", "3"));
        Assert.Equal(same.Bytes, folder.Read("changed.png"));
    }
}

using Darkroom.EndToEnd.Models;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>A server with little memory refuses, or lets wait, what does not fit; it is never killed. <c>bench memory</c> does the same for longer.</summary>
public sealed class MemorySoakTests
{
    [Theory]
    [InlineData(1536)]
    [InlineData(4096)]
    public async Task Whatever_is_asked_for_at_once_the_kernel_never_has_to_kill_the_server(int limitMiB)
    {
        using var group = MemoryGroup.TryCreate((long)limitMiB << 20);
        Assert.SkipWhen(group is null, "No control group with a limit of memory can be made here.");
        using var models = new ModelsFolder().Link("starter", "models", "starter").Link("upscalers", "models", "upscalers");
        foreach (string name in (string[])["sd15-tiny", "sd21-tiny", "sdxl-tiny"]) models.Link(name, "tests", "conformance", "pipelines", name, "onnx");
        await using var server = await StartedServer.StartInAsync(group, models.Path, ("Darkroom__Engine__CallTimeout", "120"));
        var soak = new MemorySoak(server, Jpeg, seed: limitMiB);
        await soak.RunAsync(TimeSpan.FromSeconds(12));

        string all = string.Join(", ", soak.Answers);
        Assert.False(server.HasExited, all);
        Assert.Equal(0, group.Kills);
        Assert.DoesNotContain("OutOfMemoryException", server.Output, StringComparison.Ordinal);
        Assert.True(soak.Answers.Keys.All(answer => !answer.Contains(" 500", StringComparison.Ordinal)), all);
        Assert.True(soak.Answers.Keys.All(answer => answer == "upload cut off" || !answer.EndsWith("cut off", StringComparison.Ordinal)), all);
        Assert.True(soak.Answers.ContainsKey("small 200") && soak.Answers.Keys.Count(answer => answer.StartsWith("small", StringComparison.Ordinal)) == 1, all);
    }

    private static byte[] Jpeg(int side) => PictureEncoder.Encode(Picture.Blank(side, side, 3), PictureFormat.Jpeg, 90, null);
}

using System.Globalization;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>A device with less memory than a model has parts.</summary>
public sealed class ModelRoomTests
{
    [Fact]
    public async Task Model_whose_parts_do_not_fit_together_is_refused_and_what_is_beside_it_named()
    {
        using var models = new ModelsFolder().Link("starter", "models", "starter").Link("tiny", "tests", "conformance", "pipelines", "sd15-tiny", "onnx");
        long all = Directory.EnumerateFiles(Path.Combine(Repository.Root, "models", "starter"), "*.onnx", SearchOption.AllDirectories)
            .Sum(file => new FileInfo(file).Length);
        int room = (int)(all / (1 << 20)); // less than all of it, rounded down
        await using var small = await StartedServer.StartAsync(
            models.Path, null, ("Darkroom__Engine__ModelMemoryMiB", room.ToString(CultureInfo.InvariantCulture)));
        (await small.Client.FetchAsync("/v1/models/tiny/load", method: HttpMethod.Post)).Succeeded();
        var refused = (await small.Client.FetchAsync("/v1/models/starter/load", method: HttpMethod.Post)).Problem(507, "no_room_for_model");
        Assert.Contains("device 0", refused.GetProperty("detail").GetString());
        Assert.Contains("'tiny'", refused.GetProperty("detail").GetString());
        // A request has its parts in memory one after another.
        (await small.Client.PostAsync(new { prompt = "x", steps = 2, upscale = (object?)null })).Succeeded();
    }
}

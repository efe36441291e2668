using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Models;

/// <summary>Models beside the starter, and none at all.</summary>
public sealed class OtherModelsTests
{
    [Theory]
    [InlineData("sd15-tiny")]
    [InlineData("sd21-tiny")]
    public async Task Requests_at_once_to_a_graph_exported_with_one_timestep_give_each_what_it_gives_alone(string name)
    {
        using var models = new ModelsFolder().Link(name, "tests", "conformance", "pipelines", name, "onnx");
        await using var server = await StartedServer.StartAsync(models.Path);
        object[] bodies =
        [
            new { prompt = "a fox", seed = 1, steps = 6, sampler = "euler", width = 64, height = 64 },
            new { prompt = "a house at night", seed = 2, steps = 9, sampler = "dpmpp_2m", width = 64, height = 64, guidance_scale = 3 },
            new { prompt = "a boat", seed = 3, steps = 6, sampler = "euler", width = 64, height = 64 },
        ];
        var alone = new List<Answer>();
        foreach (object body in bodies) alone.Add(await server.Client.PostAsync(body));
        var together = await Task.WhenAll(bodies.Select(body => server.Client.PostAsync(body)));
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First.Pictures(), pair.Second.Pictures()));

        var entry = (await server.Client.FetchAsync("/v1/models/" + name)).Succeeded();
        Assert.Equal("ready", entry.GetProperty("state").GetString());
        Assert.Single((await server.Client.PostAsync(new { prompt = "the default", seed = 1, steps = 1, width = 64, height = 64 })).Pictures());
    }

    [Fact]
    public async Task A_picture_that_memory_has_no_room_for_is_refused_and_the_next_is_made()
    {
        using var models = new ModelsFolder().Link("sd15-tiny", "tests", "conformance", "pipelines", "sd15-tiny", "onnx");
        await using var server = await StartedServer.StartAsync(models.Path, null, ("Darkroom__Engine__MemoryLimitMiB", "64"));
        var answer = await server.Client.PostAsync(new { prompt = "fox", steps = 1, width = 2048, height = 2048 });
        var refused = answer.Problem(422, "invalid_request");
        Assert.Contains("64 MiB", refused.GetProperty("detail").GetString());
        string limit = refused.GetProperty("errors")[0].GetProperty("limit").GetString()!;
        int side = int.Parse(limit.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Single((await server.Client.PostAsync(new { prompt = "fox", seed = 1, steps = 1, width = side, height = side })).Pictures());
        Assert.Single((await server.Client.PostAsync(new { prompt = "fox", seed = 1, steps = 1, width = 64, height = 64 })).Pictures());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_any_model_the_server_is_ready_and_generation_is_404(bool exists)
    {
        using var models = new ModelsFolder();
        await using var server = await StartedServer.StartAsync(exists ? models.Path : Path.Combine(models.Path, "nothing"));
        Assert.Equal("ready", (await server.Client.FetchAsync("/readyz")).Succeeded().GetProperty("status").GetString());
        Assert.Empty((await server.Client.FetchAsync("/v1/models")).Succeeded().GetProperty("data").EnumerateArray());
        (await server.Client.PostAsync(new { prompt = "fox" })).Problem(404, "no_model");
        (await server.Client.PostAsync(new { prompt = "fox", model = "starter" })).Problem(404, "no_model");
    }
}

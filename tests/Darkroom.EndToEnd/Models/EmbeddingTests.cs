using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Models;

/// <summary>Textual inversions that come and go beside a running server.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task Files_are_noticed_listed_and_recorded()
    {
        using var models = new ModelsFolder().Link("sd15-tiny", "tests", "conformance", "pipelines", "sd15-tiny", "diffusers");
        string folder = Path.Combine(models.Path, "embeddings");
        await using var server = await StartedServer.StartAsync(models.Path);
        var body = new { prompt = "a painting of toy in a garden", seed = 42, steps = 2, width = 64, height = 64, model = "sd15-tiny" };
        string words = Assert.Single((await server.Client.PostAsync(body)).Pictures());

        Directory.CreateDirectory(folder);
        Put(folder, "toy", "toy");
        File.WriteAllText(Path.Combine(folder, "old.pt"), "a pickle");
        await Calls.UntilAsync("both are listed", async () =>
            (await server.Client.FetchAsync("/v1/embeddings")).Succeeded().GetProperty("data").GetArrayLength() == 2);
        var list = (await server.Client.FetchAsync("/v1/embeddings")).Succeeded().GetProperty("data");
        Assert.StartsWith("it is a pickle", list[0].GetProperty("reason").GetString());
        Assert.Equal(("toy", "<toy>", 1, 32, "sd15-tiny"), (list[1].GetProperty("id").GetString(), list[1].GetProperty("token").GetString(),
            list[1].GetProperty("vectors").GetInt32(), list[1].GetProperty("widths")[0].GetInt32(), list[1].GetProperty("models")[0].GetString()));

        var first = await server.Client.PostAsync(body);
        string picture = Assert.Single(first.Pictures());
        Assert.NotEqual(words, picture);
        var told = first.Json.GetProperty("parameters").GetProperty("embeddings")[0];
        Assert.Equal(list[1].GetProperty("hash").GetString(), told.GetProperty("hash").GetString());
        Assert.Equal(picture, Assert.Single((await server.Client.PostAsync(first.Json.GetProperty("parameters").GetRawText())).Pictures()));
        var without = new { body.prompt, body.seed, body.steps, body.width, body.height, embeddings = Array.Empty<object>() };
        Assert.Equal(words, Assert.Single((await server.Client.PostAsync(without)).Pictures()));

        Put(folder, "three-part", "toy"); // another file of the same name
        await Calls.UntilAsync("the other is listed", async () =>
            (await server.Client.FetchAsync("/v1/embeddings")).Succeeded().GetProperty("data")[1].GetProperty("vectors").GetInt32() == 3);
        var second = await server.Client.PostAsync(first.Json.GetProperty("parameters").GetRawText());
        Assert.NotEqual(picture, Assert.Single(second.Pictures()));
        Assert.Contains("embedding 'toy': its file has changed since", second.Json.GetProperty("warnings")[0].GetString());
        var toldNow = second.Json.GetProperty("parameters").GetProperty("embeddings")[0];
        Assert.NotEqual(told.GetProperty("hash").GetString(), toldNow.GetProperty("hash").GetString());

        File.Delete(Path.Combine(folder, "toy.safetensors"));
        await Calls.UntilAsync("it is gone", async () =>
            (await server.Client.FetchAsync("/v1/embeddings")).Succeeded().GetProperty("data").GetArrayLength() == 1);
        Assert.Equal(words, Assert.Single((await server.Client.PostAsync(body)).Pictures()));
        var refused = (await server.Client.PostAsync(new { prompt = "a <old>", steps = 1, width = 64, height = 64 })).Problem(422, "invalid_request");
        Assert.Equal("prompt", refused.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    private static void Put(string folder, string source, string name) => File.Copy(
        ConformancePack.PathOf("pipelines", "sd15-tiny", "embeddings", source + ".safetensors"), Path.Combine(folder, name + ".safetensors"), overwrite: true);
}

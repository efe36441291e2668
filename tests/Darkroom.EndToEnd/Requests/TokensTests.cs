using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Requests;

/// <summary><c>POST /v1/tokens</c> with real tokenizers: what it says is what requests then say.</summary>
public sealed class TokensTests
{
    private const int Room = 30; // the starter's chunks have 32 tokens, two of them marks

    [Fact]
    public async Task Starter_counts_as_its_requests_do()
    {
        await using var server = await StartedServer.StartAsync();
        Assert.Equal((0, Room, 1, null), (await ReadAsync(server, "")).Single());
        Assert.Equal((2, Room, 1, null), (await ReadAsync(server, "red apple")).Single());
        Assert.Equal((2, Room, 1, null), (await ReadAsync(server, "(red:1.3) [apple]")).Single());
        Assert.Equal((80, Room, 3, null), (await ReadAsync(server, Words(80))).Single());
        Assert.Equal((3, Room, 2, null), (await ReadAsync(server, "red apple BREAK apple")).Single());
        Assert.Equal(await ReadAsync(server, "red apple on sand"), await ReadAsync(server, "[red apple:red apple on sand:0.5]"));
        Assert.Equal((Room, Room, 1, null), (await ReadAsync(server, Words(Room), "plain")).Single());

        string cut = Words(Room + 3);
        var (tokens, _, chunks, dropped) = (await ReadAsync(server, cut, "plain")).Single();
        Assert.Equal((Room, 1, Words(3)), (tokens, chunks, dropped));
        var picture = (await server.Client.PostAsync(new { prompt = cut, prompt_style = "plain", steps = 1 })).Succeeded();
        Assert.Contains($"'{dropped}' was not read", Assert.Single(picture.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_encoder_of_every_family_counts_for_itself_once_the_model_is_opened()
    {
        using var models = new ModelsFolder();
        (string Model, int Encoders)[] families = [("sd15-tiny", 1), ("sdxl-tiny", 2), ("sd3-tiny", 3), ("flux-tiny", 2)];
        foreach (var (model, _) in families)
            Directory.CreateSymbolicLink(Path.Combine(models.Path, model), ConformancePack.PathOf("pipelines", model, PackModels.Weights));
        await using var server = await StartedServer.StartAsync(models.Path, null, ("Darkroom__DefaultModel", "sd15-tiny"));
        foreach (var (model, encoders) in families)
        {
            if (model != "sd15-tiny")
                Assert.False((await AnswerAsync(server, new { prompt = "red fox", model })).GetProperty("prompt").TryGetProperty("encoders", out _));
            (await server.Client.FetchAsync($"/v1/models/{model}/load", method: HttpMethod.Post)).Succeeded();
            var read = await ReadAsync(server, "red fox", model: model);
            Assert.Equal(encoders, read.Count);
            Assert.All(read, one => Assert.InRange(one.Tokens, 2, 6));
            Assert.All(read, one => Assert.InRange(one.Room, 10, 512));
        }
    }

    private static string Words(int count) => string.Join(' ', Enumerable.Repeat("apple", count));

    private static async Task<JsonElement> AnswerAsync(StartedServer server, object body) =>
        (await server.Client.PostAsync(body, task: "tokens")).Succeeded();

    private static async Task<List<(int Tokens, int Room, int Chunks, string? Dropped)>> ReadAsync(
        StartedServer server, string prompt, string style = "weighted", string? model = null)
    {
        var answer = await AnswerAsync(server, new { prompt, prompt_style = style, model });
        return [.. answer.GetProperty("prompt").GetProperty("encoders").EnumerateArray().Select(one => (
            one.GetProperty("tokens").GetInt32(), one.GetProperty("chunk_tokens").GetInt32(), one.GetProperty("chunks").GetInt32(),
            one.TryGetProperty("dropped", out var dropped) ? dropped.GetString() : null))];
    }
}

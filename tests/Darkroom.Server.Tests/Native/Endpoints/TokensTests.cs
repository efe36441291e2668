using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary><c>POST /v1/tokens</c>: the grammar. Tokens are counted by real models (<c>Darkroom.EndToEnd</c>): scripted ones have no tokenizer.</summary>
public sealed class TokensTests
{
    [Fact]
    public async Task Weights_schedules_joins_and_tags_are_told_as_a_request_reads_them()
    {
        var reading = (await ReadAsync("""
            {"prompt":"a (red:1.3) [cat:dog:0.5] BREAK sky AND fog :0.5<lora:ink:0.8>","negative_prompt":"[bad] AND (worse)","steps":10}
            """))["prompt"]!;
        var parts = reading["parts"]!.AsArray();
        Assert.Equal([1, 0.5], parts.Select(part => (double)part!["weight"]!));
        Assert.Equal([5, 10], parts[0]!["ranges"]!.AsArray().Select(range => (int)range!["last_step"]!));
        Assert.Equal([("a ", 1), ("red", 1.3), (" cat", 1), ("BREAK", -1), ("sky", 1)], Pieces(parts[0]!["ranges"]![0]!));
        Assert.Equal([false, false, false, true, false], parts[0]!["ranges"]![0]!["pieces"]!.AsArray().Select(piece => (bool)piece!["ends_chunk"]!));
        Assert.Equal(" dog", Pieces(parts[0]!["ranges"]![1]!)[2].Text);
        Assert.Equal(["ink:0.8"], reading["loras"]!.AsArray().Select(tag => (string)tag!));
    }

    [Fact]
    public async Task Negative_prompts_are_not_joined_and_plain_texts_not_weighted()
    {
        var answer = await ReadAsync("""{"negative_prompt":"(bad) AND worse"}""");
        Assert.Null(answer["prompt"]);
        Assert.Equal([("bad", 1.1), (" AND worse", 1)], Pieces(Assert.Single(answer["negative_prompt"]!["parts"]!.AsArray())!["ranges"]![0]!));
        var plain = await ReadAsync("""{"prompt":"(a) AND b <lora:x:1>","prompt_style":"plain"}""");
        Assert.Equal([("(a) AND b <lora:x:1>", 1)], Pieces(Assert.Single(plain["prompt"]!["parts"]!.AsArray())!["ranges"]![0]!));
        Assert.Equal("plain", (string?)plain["prompt_style"]);
        var comfy = await ReadAsync("""{"prompt":"[a] (b)","prompt_style":"comfyui"}""");
        Assert.Equal([("[a] ", 1), ("b", 1.1)], Pieces(comfy["prompt"]!["parts"]![0]!["ranges"]![0]!));
    }

    [Fact]
    public async Task Wrong_values_are_named_and_no_model_is_404()
    {
        await using var server = await RunningServer.StartAsync();
        using var wrong = await server.PostAsync("""{"prompt":7,"steps":0,"seed":1}""", path: "/v1/tokens");
        var problem = await wrong.ProblemAsync(422, "invalid_request");
        Assert.Equal(["prompt", "steps", "seed"], problem["errors"]!.AsArray().Select(one => (string)one!["field"]!));
        using var unknown = await server.PostAsync("""{"prompt":"a","model":"nothing"}""", path: "/v1/tokens");
        await unknown.ProblemAsync(404, "model_not_found");
    }

    private static List<(string Text, double Weight)> Pieces(JsonNode range) =>
        [.. range["pieces"]!.AsArray().Select(piece => ((string)piece!["text"]!, Math.Round((double)piece["weight"]!, 6)))];

    private static async Task<JsonNode> ReadAsync(string body)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(body, path: "/v1/tokens");
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}

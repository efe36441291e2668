using System.Net.ServerSentEvents;
using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Server.Tests.Scripted;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.OpenAi;

/// <summary>A request with <c>stream</c>: typed events, one error, and a caller who leaves.</summary>
public sealed class StreamTests
{
    private static readonly string Id = 1.ToString("x32");

    [Theory]
    [InlineData(OpenAiCalls.Generations, "image_generation")]
    [InlineData(OpenAiCalls.Edits, "image_edit")]
    public async Task Previews_come_while_it_runs_and_then_every_picture(string path, string name)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var answer = await OpenAsync(server, path, """ "n":2,"partial_images":2,"steps":20,"quality":"high","strength":1, """, path == OpenAiCalls.Edits);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Id, answer.Headers.GetValues("X-Job-Id").Single());
        Assert.Equal(6, server.Queue.Asked.Single().PreviewEvery); // of 20 steps: two, and none at the last
        var events = Read(answer);
        for (int i = 0; i < 2; i++)
        {
            Board(server).Post(new Preview(Id, 0, 6 * (i + 1), 8, 8, new byte[] { 1, 2, 3 }));
            var partial = await NextAsync(events, name + ".partial_image");
            Assert.Equal(("AQID", i, "8x8", "high", "png", "opaque"), (partial.GetProperty("b64_json").GetString(),
                partial.GetProperty("partial_image_index").GetInt32(), partial.GetProperty("size").GetString(), partial.GetProperty("quality").GetString(),
                partial.GetProperty("output_format").GetString(), partial.GetProperty("background").GetString()));
            Assert.True(partial.GetProperty("created_at").GetInt64() > 0);
        }
        Board(server).Post(new Preview(Id, 0, 18, 8, 8, new byte[] { 4 })); // one more than was asked for
        server.Queue.Gate.SetResult();
        for (int i = 0; i < 2; i++)
        {
            var done = await NextAsync(events, name + ".completed");
            Assert.Equal($"picture {i} of seed 1234", OpenAiCalls.Text(done.GetProperty("b64_json").GetBytesFromBase64()));
            Assert.Equal(("64x64", "png", 1234 + i, 0), (done.GetProperty("size").GetString(), done.GetProperty("output_format").GetString(),
                done.GetProperty("seed").GetInt64(), done.GetProperty("usage").GetProperty("total_tokens").GetInt32()));
        }
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task Without_previews_there_is_the_picture_alone()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await OpenAsync(server, OpenAiCalls.Generations, "");
        Assert.Equal(0, server.Queue.Asked.Single().PreviewEvery);
        var events = Read(answer);
        await NextAsync(events, "image_generation.completed");
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task A_job_that_fails_ends_its_stream_with_an_error()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Failure = new(JobFailureKind.NonFinite, "Not finite.");
        foreach (string more in (string[])["", """ "partial_images":1, """])
        {
            using var answer = await OpenAsync(server, OpenAiCalls.Generations, more);
            var events = Read(answer);
            var error = (await NextAsync(events, "error")).GetProperty("error");
            Assert.Equal(["code", "message", "param", "type"], error.EnumerateObject().Select(member => member.Name).Order());
            Assert.Equal(("Not finite.", "non_finite_output", "server_error"),
                (error.GetProperty("message").GetString(), error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
            Assert.False(await events.MoveNextAsync());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "partial_images":3, """)]
    public async Task A_caller_who_leaves_cancels(string more)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        var answer = await OpenAsync(server, OpenAiCalls.Generations, more);
        Board(server).Post(new Preview(Id, 0, 6, 8, 8, new byte[] { 1, 2, 3 }));
        answer.Dispose();
        for (int i = 0; i < 1000 && server.Queue.Cancelled.IsEmpty; i++) await Task.Delay(10);
        Assert.Equal([Id], server.Queue.Cancelled);
        await server.Log.TellsAsync("the caller left");
        Assert.DoesNotContain("\"@l\":\"Error\"", server.Log.All);
        Board(server).Remove(Id);
        Assert.Equal(0, ((MemoryPreviewBoard)Board(server)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""" "partial_images":3, """)]
    public async Task A_stream_shows_that_it_lives(string more)
    {
        await using var server = await RunningServer.StartAsync(new HurriedTime(100));
        server.Queue.Gate = new();
        using var answer = await OpenAsync(server, OpenAiCalls.Generations, more);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(": still here", await reader.ReadLineAsync());
        server.Queue.Gate.SetResult();
        Assert.Contains("event: image_generation.completed", await reader.ReadToEndAsync());
    }

    private static async Task<HttpResponseMessage> OpenAsync(RunningServer server, string path, string more, bool edits = false)
    {
        string picture = edits ? $$""" "images":[{"image_url":"{{OpenAiCalls.DataUrl(TestPictures.Of(64, 64))}}"}], """ : "";
        if (!edits) more = more.Replace(""" "strength":1, """.Trim(), "", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
            { Content = new StringContent($$"""{"prompt":"a fox",{{picture}}{{more}}"stream":true}""", null, "application/json") };
        var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, await (answer.IsSuccessStatusCode ? Task.FromResult("") : answer.Content.ReadAsStringAsync()));
        return answer;
    }

    private static IAsyncEnumerator<SseItem<string>> Read(HttpResponseMessage answer) =>
        SseParser.Create(answer.Content.ReadAsStream()).EnumerateAsync().GetAsyncEnumerator();

    private static async Task<JsonElement> NextAsync(IAsyncEnumerator<SseItem<string>> events, string name)
    {
        Assert.True(await events.MoveNextAsync());
        var data = JsonSerializer.Deserialize<JsonElement>(events.Current.Data);
        Assert.Equal((name, name), (events.Current.EventType, data.GetProperty("type").GetString()));
        return data;
    }

    private static IPreviewBoard Board(RunningServer server) => server.App.Services.GetRequiredService<IPreviewBoard>();
}

using System.Net;
using System.Net.Http.Headers;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenAi;

/// <summary>Errors in OpenAI's shape, wherever in the server they arise.</summary>
public sealed class ErrorsTests
{
    private static readonly string[] Addresses = [OpenAiCalls.Generations, OpenAiCalls.Edits, OpenAiCalls.Variations];

    [Fact]
    public async Task Every_fault_is_told_with_its_field_limit_and_value()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync("""
            {"prompt":5,"n":0,"size":"1024 x 1024","quality":"best","response_format":"uri","output_format":"gif","output_compression":101,
             "background":"transparent","stream":1,"partial_images":4,"moderation":"high","style":"bold","user":5,"count":2,"format":"png","return":"url",
             "preview_every":1,"sede":1,"steps":0,"seed":"x"}
            """);
        string message = (string)(await response.ErrorAsync(400, "prompt", "invalid_value"))["message"]!;
        foreach (string part in (string[])
            [
                "prompt must be a string, not a number.", "n must be 1…10. Given: 0.", "size must be auto, or WIDTHxHEIGHT in pixels. Given: \"1024 x 1024\".",
                "quality: There is no such quality", "Given: \"best\". Allowed: one of: auto, low, medium, high, standard, hd.",
                "There is no such response_format", "There is no such output_format", "output_compression must be 0…100. Given: 101.",
                "background cannot be transparent", "stream must be true or false", "partial_images must be 0…3. Given: 4.", "There is no such moderation",
                "There is no such style", "user must be a string, not a number.", "count: This is n here.", "format: This is output_format here.",
                "return: This is response_format here.", "preview_every: This is stream with partial_images here.",
                "sede: There is no such field.", "steps must be 1…150. Given: 0.", "seed must be a whole number",
            ])
            Assert.Contains(part.Replace("quality: There", "There"), message);
        Assert.Empty(server.Queue.Asked);
    }

    [Theory]
    [InlineData("""{"prompt":"","n":11}""", "n", "n must be 1…10. Given: 11.")]
    [InlineData("""{"prompt":"","n":10,"seed":9007199254740991}""", "seed", "too large")]
    [InlineData("""{"prompt":"","size":"1024x1024"}""", "size", "width must be 16…96, multiple of 16 for model 'starter'. Given: \"1024x1024\".")]
    [InlineData("""{"prompt":"","size":"0x64"}""", "size", "size must be auto, or WIDTHxHEIGHT in pixels")]
    [InlineData("""{"prompt":"","size":"64X64"}""", "size", "size must be auto, or WIDTHxHEIGHT in pixels")]
    [InlineData("""{"prompt":"","size":"64x64x64"}""", "size", "size must be auto, or WIDTHxHEIGHT in pixels")]
    [InlineData("""{"prompt":"","size":"64x64","width":64}""", "size", "say the same")]
    [InlineData("""{"prompt":"","partial_images":2}""", "partial_images", "needs stream: true")]
    [InlineData("""{"prompt":"","stream":true,"response_format":"url"}""", "response_format", "A stream carries the pictures themselves.")]
    [InlineData("""{"prompt":"","output_format":"png","output_compression":50}""", "output_compression", "for jpeg and webp")]
    [InlineData("""{"prompt":"","image":"x"}""", "image", "There is no such field")]
    [InlineData("""{"n":1}""", "prompt", "prompt is required")]
    [InlineData("""[]""", null, "The body must be a JSON object.")]
    public async Task A_wrong_value_is_400(string json, string? param, string message)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync(json);
        Assert.Contains(message, (string?)(await response.ErrorAsync(400, param, "invalid_value"))["message"]);
    }

    [Fact]
    public async Task What_arises_before_the_endpoint_has_the_shape_too()
    {
        var keys = new TestKeys();
        string read = await keys.AddAsync("reader", KeyScope.Read), usual = await keys.AddAsync("usual");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        foreach (string path in Addresses)
        {
            using var missing = await server.AskAsync(HttpMethod.Post, path, null, "{}");
            await missing.ErrorAsync(401, null, "invalid_api_key");
            Assert.NotEmpty(missing.Headers.WwwAuthenticate);
            using var scope = await server.AskAsync(HttpMethod.Post, path, read, "{}");
            await scope.ErrorAsync(403, null, "forbidden_scope");
            using var route = await server.AskAsync(HttpMethod.Post, path + "/other", usual, "{}");
            await route.ErrorAsync(404, null, "not_found");
            using var method = await server.AskAsync(HttpMethod.Put, path, usual, "{}");
            await method.ErrorAsync(405, null, "method_not_allowed");
            using var json = await server.AskAsync(HttpMethod.Post, path, usual, "{\"prompt\":");
            await json.ErrorAsync(400, null, "invalid_json");
            using var type = new HttpRequestMessage(HttpMethod.Post, path)
                { Content = new StringContent("prompt=fox", null, "application/x-www-form-urlencoded") };
            type.Headers.Authorization = new AuthenticationHeaderValue("Bearer", usual);
            using var unsupported = await server.Client.SendAsync(type);
            await unsupported.ErrorAsync(415, null, "unsupported_media_type");
            using var host = new HttpRequestMessage(HttpMethod.Post, path) { Headers = { Host = "example.org" } };
            using var stranger = await server.Client.SendAsync(host);
            await stranger.ErrorAsync(421, null, "host_not_served");
            using var page = new HttpRequestMessage(HttpMethod.Post, path);
            page.Headers.Add("Origin", "https://example.org");
            using var crossSite = await server.Client.SendAsync(page);
            await crossSite.ErrorAsync(403, null, "cross_site");
        }
        using var chat = await server.AskAsync(HttpMethod.Post, "/v1/chat/completions", usual, "{}");
        await chat.ErrorAsync(404, null, "not_found");
        using var native = await server.AskAsync(HttpMethod.Post, "/v1/txt2img", null, "{}");
        await native.ProblemAsync(401, "unauthorized");
    }

    [Theory]
    [InlineData(OpenAiCalls.Generations, 300 * 1024)]
    [InlineData(OpenAiCalls.Edits, 100 * 1000 * 1000)]
    public async Task A_body_that_is_too_large_is_413(string path, int length)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
            { Content = new StringContent($$"""{"prompt":"{{new string('x', length)}}"}""", null, "application/json") };
        request.Headers.ExpectContinue = true; // else the answer comes while the body is sent, and the connection ends
        using var response = await server.Client.SendAsync(request);
        await response.ErrorAsync(413, null, "too_large");
        Assert.Equal(0, server.InputMemory.HeldBytes);
    }

    [Fact]
    public async Task A_full_queue_is_429_and_says_when_to_come_again()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (Admission refusal in (Admission[])[new Admission.QueueFull(64, TimeSpan.FromSeconds(7)), new Admission.CallerFull(4, TimeSpan.FromSeconds(7))])
        {
            server.Queue.Refusal = refusal;
            using var response = await server.SendAsync("""{"prompt":"a fox"}""");
            await response.ErrorAsync(429, null, "rate_limit_exceeded");
            Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter?.Delta);
            Assert.False(response.Headers.Contains("x-should-retry"));
        }
    }

    [Fact]
    public async Task What_will_never_succeed_is_not_asked_for_again()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Failure = new(JobFailureKind.NonFinite, "Not finite.");
        using var failed = await server.SendAsync("""{"prompt":"a fox"}""");
        Assert.Equal("Not finite.", (string?)(await failed.ErrorAsync(500, null, "non_finite_output"))["message"]);
        Assert.Equal("false", failed.Headers.GetValues("x-should-retry").Single());
        server.Queue.Failure = null;
        server.Queue.Throws = _ => new InvalidOperationException("a bug");
        using var bug = await server.SendAsync("""{"prompt":"a fox"}""");
        await bug.ErrorAsync(500, null, "internal_error");
        Assert.Equal("false", bug.Headers.GetValues("x-should-retry").Single());
        server.Queue.Throws = null;
        server.Queue.Expires = true;
        using var late = await server.SendAsync("""{"prompt":"a fox","deadline":1}""");
        await late.ErrorAsync(503, null, "deadline_expired");
        Assert.NotNull(late.Headers.RetryAfter);

        server.Queue.Expires = false;
        server.Queue.Gate = new();
        var asked = server.SendAsync("""{"prompt":"a fox"}""");
        while (server.Queue.Asked.Count < 4) await Task.Delay(5);
        await Task.Delay(50);
        using var cancel = await server.Client.DeleteAsync("/v1/jobs/" + 3.ToString("x32"));
        Assert.Equal(HttpStatusCode.OK, cancel.StatusCode);
        using var cancelled = await asked;
        await cancelled.ErrorAsync(400, null, "job_cancelled"); // 409 would be sent again
    }
}

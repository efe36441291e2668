using System.Net;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Http;

/// <summary>Pages of other origins: none by default, those of <c>Darkroom:Cors:Origins</c>, or all.</summary>
public sealed class CorsTests
{
    private const string Page = "https://page.example";

    [Fact]
    public async Task Without_the_setting_no_header_of_it_is_sent()
    {
        await using var server = await RunningServer.StartAsync();
        using var simple = await SendAsync(server, HttpMethod.Get, "/v1/models", Page);
        await simple.ProblemAsync(403, "cross_site");
        using var preflight = await PreflightAsync(server, "/v1/txt2img", Page, "POST", "content-type");
        await preflight.ProblemAsync(403, "cross_site");
        foreach (var answer in (HttpResponseMessage[])[simple, preflight])
            Assert.DoesNotContain(answer.Headers, header => header.Key == "Vary" || header.Key.StartsWith("Access-Control-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("authorization")]
    [InlineData("content-type")]
    [InlineData("prefer")]
    [InlineData("idempotency-key")]
    [InlineData("x-api-key")]
    [InlineData("last-event-id")]
    [InlineData("accept")]
    public async Task A_preflight_of_a_named_page_is_answered(string header)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Cors:Origins", $"http://localhost:3000, {Page}"));
        (string, string)[] uses = [("POST", "/v1/txt2img"), ("DELETE", "/v1/jobs/x"), ("GET", "/v1/jobs/x/events"), ("HEAD", "/livez")];
        foreach (var (method, path) in uses)
        {
            using var preflight = await PreflightAsync(server, path, Page, method, header);
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(Page, Value(preflight, "Access-Control-Allow-Origin"));
            Assert.Contains(header, Value(preflight, "Access-Control-Allow-Headers")!.Split(','));
            Assert.Contains(method, Value(preflight, "Access-Control-Allow-Methods")!.Split(','));
        }
    }

    [Theory]
    [InlineData("/v1/models", 200)]
    [InlineData("/v1/nothing", 404)]
    [InlineData("/v1/txt2img", 405)]
    public async Task A_named_page_reads_answers_and_problems(string path, int status)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Cors:Origins", Page));
        using var answer = await SendAsync(server, HttpMethod.Get, path, Page);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(Page, Value(answer, "Access-Control-Allow-Origin"));
        var exposed = Value(answer, "Access-Control-Expose-Headers")!.Split(',');
        string[] names = ["Location", "Retry-After", "X-Job-Id", "X-Seed", "X-Request-Id", "Content-Location", "Idempotent-Replayed"];
        Assert.All(names, name => Assert.Contains(name, exposed));
    }

    [Fact]
    public async Task A_failure_of_the_server_can_be_read_too()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Cors:Origins", Page));
        server.Queue.Throws = _ => new InvalidOperationException();
        var body = new StringContent("""{"prompt":""}""", System.Text.Encoding.UTF8, "application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = body };
        request.Headers.Add("Origin", Page);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.InternalServerError, Page), (answer.StatusCode, Value(answer, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Another_page_gets_no_header_of_it()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Cors:Origins", Page));
        using var simple = await SendAsync(server, HttpMethod.Get, "/v1/models", "https://other.example");
        using var preflight = await PreflightAsync(server, "/v1/txt2img", "https://other.example", "POST", "content-type");
        foreach (var answer in (HttpResponseMessage[])[simple, preflight])
            Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-Allow-Origin", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_star_allows_every_page()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Cors:Origins", "*"));
        using var simple = await SendAsync(server, HttpMethod.Get, "/livez", "https://any.example");
        Assert.Equal("*", Value(simple, "Access-Control-Allow-Origin"));
    }

    private static string? Value(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? string.Join(",", values) : null;

    private static Task<HttpResponseMessage> PreflightAsync(RunningServer server, string path, string origin, string method, string headers) =>
        SendAsync(server, HttpMethod.Options, path, origin, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", headers));

    private static Task<HttpResponseMessage> SendAsync(
        RunningServer server, HttpMethod method, string path, string origin, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return server.Client.SendAsync(request);
    }
}

using Darkroom.Server.Security;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security;

/// <summary>By which names the server may be called: a page whose name was made to point here is told nothing and makes nothing.</summary>
public sealed class HostTests
{
    [Theory]
    [InlineData("localhost:8080")]
    [InlineData("LOCALHOST")]
    [InlineData("pictures.localhost")]
    [InlineData("localhost.")]
    [InlineData("127.0.0.1:1")]
    [InlineData("192.168.1.5")]
    [InlineData("[::1]:8080")]
    [InlineData("pictures.example.org")]
    [InlineData("a.below.example")]
    public async Task Its_own_names_are_answered(string host)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Hosts", "pictures.example.org, *.below.example"));
        using var answer = await GetAsync(server, "/v1/jobs", host);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("below.example")]
    [InlineData("notlocalhost")]
    public async Task Other_names_are_421_and_see_no_prompt(string host)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Hosts", "*.below.example"));
        using var made = await server.PostAsync("""{"prompt":"a secret fox"}""");
        Assert.Equal(200, (int)made.StatusCode);
        foreach (var path in (string[])["/v1/jobs", "/v1/models", "/swagger/index.html", "/openapi/v1.json", "/"])
        {
            using var answer = await GetAsync(server, path, host);
            await answer.ProblemAsync(421, "host_not_served");
        }
        using var post = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = new StringContent("""{"prompt":""}""") };
        post.Headers.Host = host;
        using var refused = await server.Client.SendAsync(post);
        await refused.ProblemAsync(421, "host_not_served");
        Assert.Single(server.Queue.Asked);
    }

    [Fact]
    public async Task A_page_whose_name_was_made_to_point_here_is_of_its_own_origin_and_refused_all_the_same()
    {
        await using var server = await RunningServer.StartAsync();
        var port = server.Client.BaseAddress!.Port;
        var answer = await RawHttp.AskAsync(server,
            $"GET /v1/jobs HTTP/1.1\r\nHost: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\nSec-Fetch-Site: same-origin\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 421 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Probes_are_answered_by_any_name(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await GetAsync(server, path, "balancer.internal");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_star_answers_to_every_name()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Hosts", "*"));
        using var answer = await GetAsync(server, "/v1/jobs", "any.example");
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("*.example.org", true)]
    [InlineData("*", true)]
    [InlineData("http://example.org", false)]
    [InlineData("example.org:80", false)]
    [InlineData("a b", false)]
    [InlineData("*.", false)]
    public void Settings_name_hosts_without_scheme_and_port(string text, bool isOne) => Assert.Equal(isOne, HostNames.IsPattern(text));

    private static Task<HttpResponseMessage> GetAsync(RunningServer server, string path, string host)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return server.Client.SendAsync(request);
    }
}

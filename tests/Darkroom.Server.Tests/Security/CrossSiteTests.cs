using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security;

/// <summary>Pages of other origins make no work and read nothing, unless CORS allows them.</summary>
public sealed class CrossSiteTests
{
    private const string Page = "https://page.example", Site = "Sec-Fetch-Site", Mode = "Sec-Fetch-Mode", Destination = "Sec-Fetch-Dest";

    [Theory]
    [InlineData("https://evil.example", "cross-site")]
    [InlineData("http://localhost:3000", "same-site")]
    [InlineData("null", "cross-site")]
    [InlineData("https://evil.example", null)]
    [InlineData("null", null)]
    [InlineData(null, "cross-site")]
    public async Task A_form_of_another_page_makes_no_work(string? origin, string? site)
    {
        await using var server = await RunningServer.StartAsync();
        var form = new MultipartFormDataContent { { new StringContent("a"), "prompt" } };
        using var refused = await SendAsync(server, HttpMethod.Post, "/v1/txt2img", form, ("Origin", origin), (Site, site), (Mode, "no-cors"));
        await refused.ProblemAsync(403, "cross_site");
        Assert.Empty(server.Queue.Asked);
    }

    [Theory]
    [InlineData("DELETE", "/v1/jobs/x")]
    [InlineData("GET", "/v1/jobs")]
    [InlineData("GET", "/v1/jobs/x/events")]
    [InlineData("GET", "/v1/images/x")]
    [InlineData("OPTIONS", "/v1/txt2img")]
    [InlineData("GET", "/swagger/index.html")]
    public async Task Nothing_else_does_either(string method, string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var refused = await SendAsync(server, new(method), path, null, ("Origin", Page), (Site, "cross-site"), (Mode, "cors"));
        await refused.ProblemAsync(403, "cross_site");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("own", "same-origin")]
    [InlineData("own", null)]
    [InlineData(null, "none")]
    public async Task Programs_and_its_own_pages_are_answered(string? origin, string? site)
    {
        await using var server = await RunningServer.StartAsync();
        var own = origin is null ? null : server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        using var body = new StringContent("""{"prompt":""}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await SendAsync(server, HttpMethod.Post, "/v1/txt2img", body, ("Origin", own), (Site, site), (Mode, "cors"));
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_that_takes_the_TLS_off_its_own_page_has_the_host_of_the_request()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Hosts", "pictures.example.org"));
        using var body = new StringContent("""{"prompt":""}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await SendAsync(
            server, HttpMethod.Post, "/v1/txt2img", body, ("Origin", "https://pictures.example.org"), ("Host", "pictures.example.org"));
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_page_that_CORS_allows_uses_the_server_and_shows_its_pictures()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Cors:Origins", Page));
        using var body = new StringContent("""{"prompt":""}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await SendAsync(server, HttpMethod.Post, "/v1/txt2img", body, ("Origin", Page), (Site, "cross-site"), (Mode, "cors"));
        Assert.Equal(200, (int)answer.StatusCode);
        var url = (string?)(await answer.JsonAsync())["images"]![0]!["url"];
        using var shown = await SendAsync(server, HttpMethod.Get, url!, null, ("Referer", Page + "/"), (Site, "cross-site"), (Mode, "no-cors"));
        Assert.Equal(200, (int)shown.StatusCode);
        using var other = await SendAsync(server, HttpMethod.Get, url!, null, ("Referer", "https://evil.example/"), (Site, "cross-site"), (Mode, "no-cors"));
        await other.ProblemAsync(403, "cross_site");
    }

    [Theory]
    [InlineData("/swagger/index.html", "document", 200)]
    [InlineData("/swagger/index.html", "iframe", 403)]
    [InlineData("/livez", "document", 200)]
    public async Task A_link_is_followed_and_nothing_stands_in_a_frame(string path, string destination, int status)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await SendAsync(server, HttpMethod.Get, path, null, (Site, "cross-site"), (Mode, "navigate"), (Destination, destination));
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_form_that_opens_a_page_is_no_link()
    {
        await using var server = await RunningServer.StartAsync();
        var form = new MultipartFormDataContent { { new StringContent("a"), "prompt" } };
        using var refused = await SendAsync(
            server, HttpMethod.Post, "/v1/txt2img", form, ("Origin", Page), (Site, "cross-site"), (Mode, "navigate"), (Destination, "document"));
        await refused.ProblemAsync(403, "cross_site");
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Health_is_told_to_everybody(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await SendAsync(server, HttpMethod.Get, path, null, ("Origin", Page), (Site, "cross-site"), (Mode, "no-cors"));
        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(
        RunningServer server, HttpMethod method, string path, HttpContent? content, params (string Name, string? Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
            if (value is not null)
                request.Headers.TryAddWithoutValidation(name, value);
        return server.Client.SendAsync(request);
    }
}

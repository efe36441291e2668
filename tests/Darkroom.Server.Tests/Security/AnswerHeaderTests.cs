using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security;

/// <summary>What answers tell caches and browsers.</summary>
public sealed class AnswerHeaderTests
{
    [Fact]
    public async Task Jobs_lists_and_answers_are_kept_by_nobody()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync("""{"prompt":"a fox"}""");
        using var picture = await server.PostAsync("""{"prompt":"a fox"}""", accept: "image/png");
        using var accepted = await server.PostAsync("""{"prompt":"a fox"}""", prefer: "respond-async");
        using var job = await server.Client.GetAsync(accepted.Headers.Location);
        using var jobs = await server.Client.GetAsync("/v1/jobs");
        using var cancelled = await server.Client.DeleteAsync(accepted.Headers.Location);
        using var events = await server.Client.GetAsync(accepted.Headers.Location + "/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.All([answer, picture, accepted, job, jobs, cancelled, events], one => Assert.True(one.Headers.CacheControl?.NoStore, $"{one.StatusCode}"));
    }

    [Theory]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/index.js")]
    [InlineData("/swagger/swagger-ui-bundle.js")]
    public async Task The_page_runs_its_own_script_and_stands_in_no_frame(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var page = await server.Client.GetAsync(path);
        Assert.Equal(200, (int)page.StatusCode);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self';", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        // The policy would break a page with script of its own in it.
        if (path.EndsWith(".html", StringComparison.Ordinal)) Assert.DoesNotMatch("<script(?! src=)", await page.Content.ReadAsStringAsync());
    }
}

using System.Net;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenAi;

/// <summary>Addresses of pictures that need no key: for one picture and an hour, whatever process made them.</summary>
public sealed class SignedAddressTests
{
    [Fact]
    public async Task An_address_is_absolute_and_gives_its_picture_without_a_key()
    {
        var keys = new TestKeys();
        string key = await keys.AddAsync("usual");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var urls = await UrlsAsync(server, key, 2);
        Assert.All(urls, url => Assert.StartsWith(server.Client.BaseAddress + "v1/images/", url));
        foreach (var (index, url) in urls.Index())
        {
            using var picture = await server.Client.GetAsync(url);
            Assert.Equal((HttpStatusCode.OK, "image/png"), (picture.StatusCode, picture.Content.Headers.ContentType?.MediaType));
            Assert.Equal($"picture {index} of seed 1234", await picture.Content.ReadAsStringAsync());
            Assert.Equal("no-referrer", picture.Headers.GetValues("Referrer-Policy").Single());
            using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            using var plain = await server.Client.GetAsync(url[..url.IndexOf("/content", StringComparison.Ordinal)]);
            Assert.Equal(HttpStatusCode.Unauthorized, plain.StatusCode);
        }
        Assert.DoesNotContain("signature=", OwnLines(server));
    }

    [Fact]
    public async Task Nothing_else_of_an_address_can_be_changed()
    {
        await using var server = await RunningServer.StartAsync();
        var urls = await UrlsAsync(server, null, 2);
        var (one, other) = (new Uri(urls[0]), new Uri(urls[1]));
        string expires = one.Query.Split('&')[0], signature = one.Query.Split('&')[1], path = one.AbsolutePath;
        string end = expires.Split('=')[1], sign = signature.Split('=')[1];
        foreach (string changed in (string[])
            [
                path, path + expires, path + "?" + signature, other.AbsolutePath + one.Query, path + one.Query[..^1], path + one.Query + "0",
                $"{path}?expires={long.Parse(end) + 1}&{signature}", $"{path}?expires={end}&expires={end}&{signature}", $"{path}?expires=-1&{signature}",
                $"{path}?expires=99999999999999999999&{signature}", $"{path}{expires}&signature={new string('0', 64)}",
                $"{path}{expires}&signature={sign[..^1]}{(sign[^1] == '0' ? '1' : '0')}", $"{path}{expires}&signature={new string('é', 64)}",
                $"/v1/images/{new string('0', 32)}/content{one.Query}", $"/v1/images/..%2Fx/content{one.Query}",
            ])
        {
            using var refused = await server.Client.GetAsync(changed);
            await refused.ProblemAsync(404, "signature_invalid");
        }
        using var right = await server.Client.GetAsync(one.PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task An_address_is_good_for_an_hour()
    {
        var time = new MovedTime();
        await using var server = await RunningServer.StartAsync(time);
        string url = (await UrlsAsync(server, null, 1)).Single();
        time.Ahead = TimeSpan.FromMinutes(59);
        using var still = await server.Client.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        time.Ahead = TimeSpan.FromMinutes(60) + TimeSpan.FromSeconds(1);
        using var late = await server.Client.GetAsync(url);
        await late.ProblemAsync(404, "signature_invalid");
    }

    [Fact]
    public async Task An_address_is_good_after_a_restart_and_the_secret_is_the_owners_alone()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-signed-").FullName;
        string url;
        await using (var first = await RunningServer.StartAsync(("Darkroom:DataPath", data))) url = (await UrlsAsync(first, null, 1)).Single();
        string secret = Path.Combine(data, "picture-addresses-secret");
        Assert.Matches("^[0-9a-f]{64}\n$", File.ReadAllText(secret));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        // The picture itself was in memory here; that its address is still known shows in what is said of it.
        await using (var second = await RunningServer.StartAsync(("Darkroom:DataPath", data)))
        {
            using var gone = await second.Client.GetAsync(new Uri(url).PathAndQuery);
            await gone.ProblemAsync(404, "image_not_found");
        }
        await using var stranger = await RunningServer.StartAsync();
        using var unknown = await stranger.Client.GetAsync(new Uri(url).PathAndQuery);
        await unknown.ProblemAsync(404, "signature_invalid");
    }

    [Theory]
    [InlineData("127.0.0.1", "https", "https://pictures.example.org/v1/images/")]
    [InlineData("127.0.0.1", "http, HTTPS", "https://pictures.example.org/v1/images/")]
    [InlineData("127.0.0.1", "javascript", "http://pictures.example.org/v1/images/")]
    [InlineData("10.0.0.1", "https", "http://127.0.0.1:")] // which is not the proxy that asks
    public async Task An_address_is_the_one_that_a_named_proxy_was_called_by(string proxy, string scheme, string expected)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Proxies", proxy), ("Darkroom:Hosts", "pictures.example.org"));
        using var request = new HttpRequestMessage(HttpMethod.Post, OpenAiCalls.Generations)
            { Content = new StringContent("""{"prompt":"a fox","response_format":"url"}""", null, "application/json") };
        request.Headers.Add("X-Forwarded-Host", "pictures.example.org");
        request.Headers.Add("X-Forwarded-Proto", scheme);
        request.Headers.Add("X-Forwarded-For", "198.51.100.7");
        using var response = await server.Client.SendAsync(request);
        Assert.StartsWith(expected, (string?)(await response.ImagesAsync())["data"]![0]!["url"]);
    }

    [Fact]
    public async Task A_secret_that_is_broken_is_told_and_not_replaced()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-signed-").FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "picture-addresses-secret"), "short");
        await using var server = await RunningServer.StartAsync(("Darkroom:DataPath", data));
        using var response = await server.SendAsync("""{"prompt":"a fox","response_format":"url"}""");
        await response.ErrorAsync(500, null, "internal_error");
        Assert.Equal("short", await File.ReadAllTextAsync(Path.Combine(data, "picture-addresses-secret")));
    }

    private static string OwnLines(RunningServer server) =>
        string.Concat(server.Log.Lines.Where(line => line.Contains("\"SourceContext\":\"Darkroom", StringComparison.Ordinal)));

    private static async Task<string[]> UrlsAsync(RunningServer server, string? key, int count)
    {
        string json = $$"""{"prompt":"a fox","n":{{count}},"response_format":"url"}""";
        using var response = await server.AskAsync(HttpMethod.Post, OpenAiCalls.Generations, key, json);
        var data = (await response.ImagesAsync())["data"]!.AsArray();
        Assert.All(data, one => Assert.False(one!.AsObject().ContainsKey("b64_json")));
        return [.. data.Select(one => (string)one!["url"]!)];
    }

    /// <summary>A clock that a test sets.</summary>
    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
    }
}

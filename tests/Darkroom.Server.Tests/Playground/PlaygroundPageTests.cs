using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Darkroom.Server.Playground;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Playground;

public sealed partial class PlaygroundPageTests(ITestOutputHelper output)
{
    // What browsers send for a page.
    private const string Browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    [Theory]
    [InlineData(Browser, "text/html")]
    [InlineData("text/html", "text/html")]
    [InlineData("text/html;q=0.5, application/json;q=0.4", "text/html")]
    [InlineData("application/json, text/html;q=0.9", "application/json")]
    [InlineData("text/html;q=0, */*", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData(null, "application/json")]
    [InlineData("no media type", "application/json")]
    public async Task Root_is_the_page_for_who_asks_for_html(string? accept, string type)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await GetAsync(server, "/", accept);
        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Contains("Accept", answer.Headers.Vary);
    }

    [Fact]
    public async Task Without_the_playground_the_root_is_json_for_everybody_and_its_files_are_not_there()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Playground", "false"));
        using var root = await GetAsync(server, "/", Browser);
        Assert.Equal("application/json", root.Content.Headers.ContentType!.MediaType);
        using var file = await GetAsync(server, $"/playground/{PageFiles.Own.Hash}/main.js", Browser);
        Assert.Equal(HttpStatusCode.NotFound, file.StatusCode);
    }

    [Fact]
    public async Task Page_and_files_have_a_policy_without_anything_inline_or_elsewhere()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (string path in (string[])["/", $"/playground/{PageFiles.Own.Hash}/main.js", $"/playground/{PageFiles.Own.Hash}/style.css"])
        {
            using var answer = await GetAsync(server, path, Browser);
            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
                + "base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
                Header(answer, "Content-Security-Policy"));
            Assert.Equal(("nosniff", "no-referrer"), (Header(answer, "X-Content-Type-Options"), Header(answer, "Referrer-Policy")));
        }
        string page = Encoding.UTF8.GetString(PageFiles.Own.Page.Content);
        Assert.DoesNotMatch("style=|<script(?! type=\"module\" src=)|<style| on[a-z]+=", page);
        foreach (var (name, file) in PageFiles.Own.All.Where(one => one.Key.EndsWith(".css", StringComparison.Ordinal)))
            Assert.DoesNotMatch("url\\(|@import", Encoding.UTF8.GetString(file.Content));
    }

    [Fact]
    public async Task Everything_that_the_page_names_is_there()
    {
        await using var server = await RunningServer.StartAsync();
        string page = await (await GetAsync(server, "/", Browser)).Content.ReadAsStringAsync();
        var named = Named().Matches(page).Select(match => match.Groups[1].Value)
            .Where(path => path.StartsWith("playground/", StringComparison.Ordinal)).ToList();
        Assert.True(named.Count > 20);
        foreach (string path in named)
        {
            using var file = await GetAsync(server, "/" + path, "*/*");
            Assert.Equal((path, HttpStatusCode.OK), (path, file.StatusCode));
            Assert.Equal("public, max-age=31536000, immutable", Header(file, "Cache-Control"));
        }
    }

    [Fact]
    public void Every_module_that_another_imports_is_there()
    {
        int imports = 0;
        foreach (var (name, file) in PageFiles.Own.All.Where(one => one.Key.EndsWith(".js", StringComparison.Ordinal)))
            foreach (Match import in Imported().Matches(Encoding.UTF8.GetString(file.Content)))
            {
                string path = new Uri(new Uri("http://page/" + name), import.Groups[1].Value).AbsolutePath[1..];
                Assert.True(PageFiles.Own.All.ContainsKey(path), $"{name} imports {path}, which is not part of the program.");
                imports++;
            }
        Assert.True(imports > 60);
    }

    [Fact]
    public async Task Page_is_asked_for_again_and_not_sent_again_and_files_are_kept()
    {
        await using var server = await RunningServer.StartAsync();
        using var page = await GetAsync(server, "/", Browser);
        Assert.Equal("no-cache", Header(page, "Cache-Control"));
        using var again = await GetAsync(server, "/", Browser, ("If-None-Match", page.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var other = await GetAsync(server, "/", Browser, ("If-None-Match", "\"another\""));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        // Of another version behind the same name: served, and not kept under that address.
        using var old = await GetAsync(server, "/playground/0000000000000000/main.js", "*/*");
        Assert.Equal((HttpStatusCode.OK, "no-cache"), (old.StatusCode, Header(old, "Cache-Control")));
        foreach (string path in (string[])["/playground/x/nothing.js", "/playground/x/../appsettings.json", "/playground/x/index.html", "/playground/x/"])
        {
            using var missing = await GetAsync(server, path, "*/*");
            Assert.Equal((path, HttpStatusCode.NotFound), (path, missing.StatusCode));
        }
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("identity", null)]
    [InlineData(null, null)]
    public async Task Files_are_compressed_as_the_browser_takes_them(string? takes, string? encoding)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await GetAsync(server, $"/playground/{PageFiles.Own.Hash}/style.css", "*/*", takes is null ? [] : [("Accept-Encoding", takes)]);
        Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        await using var sent = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = encoding switch { "br" => new BrotliStream(sent, CompressionMode.Decompress),
            "gzip" => new GZipStream(sent, CompressionMode.Decompress), _ => sent };
        using var read = new MemoryStream();
        await plain.CopyToAsync(read);
        Assert.Equal(PageFiles.Own.All["style.css"].Content, read.ToArray());
    }

    [Fact]
    public void All_of_it_is_smaller_than_200_kilobytes_by_gzip()
    {
        var files = PageFiles.Own.All.Values.Append(PageFiles.Own.Page).ToList();
        int gzip = files.Sum(file => file.Gzip?.Length ?? file.Content.Length), brotli = files.Sum(file => file.Brotli?.Length ?? file.Content.Length);
        output.WriteLine($"{files.Count} files, {files.Sum(file => file.Content.Length)} bytes; {gzip} by gzip, {brotli} by Brotli");
        Assert.InRange(gzip, 1, 200_000);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : throw new InvalidOperationException($"There is no {name}.");

    private static Task<HttpResponseMessage> GetAsync(RunningServer server, string path, string? accept, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return server.Client.SendAsync(request);
    }

    [GeneratedRegex("from '(\\.[^']+)'")]
    private static partial Regex Imported();

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Named();
}

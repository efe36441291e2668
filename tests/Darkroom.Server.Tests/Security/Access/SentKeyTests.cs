using System.Text;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security.Access;

/// <summary>In which ways a key may be sent, and in which not.</summary>
public sealed class SentKeyTests
{
    private static string Basic(string text) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    public static TheoryData<string, string, int> Ways => new()
    {
        { "Authorization", "Bearer KEY", 200 },
        { "Authorization", "bearer KEY", 200 },
        { "Authorization", "BEARER  KEY", 200 },
        { "X-API-Key", "KEY", 200 },
        { "x-api-key", " KEY ", 200 },
        { "Authorization", "Basic user:KEY", 200 },
        { "Authorization", "Basic :KEY", 200 },
        { "Authorization", "Basic KEY", 200 },
        { "Authorization", "KEY", 401 },
        { "Authorization", "Bearer", 401 },
        { "Authorization", "Bearer KEYx", 401 },
        { "Authorization", "Bearer KEY, Bearer KEY", 401 },
        { "Authorization", "Digest KEY", 401 },
        { "Authorization", "Basic KEY:user", 401 },
        { "Authorization", "Basic !", 401 },
        { "X-API-Key", "", 401 },
        { "X-API-Key", "KEY,KEY", 401 },
        { "Cookie", "key=KEY", 401 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_key_is_taken_from_its_header_alone(string header, string value, int status)
    {
        var keys = new TestKeys();
        var key = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var text = value.Replace("KEY", key, StringComparison.Ordinal);
        if (text.StartsWith("Basic ", StringComparison.Ordinal) && text != "Basic !") text = Basic(text[6..]);
        var answer = await RawHttp.AskAsync(server, $"GET /v1/samplers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{header}: {text}\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_that_is_sent_twice_holds_no_key()
    {
        var keys = new TestKeys();
        var key = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var answer = await RawHttp.AskAsync(
            server, $"GET /v1/samplers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-API-Key: {key}\r\nX-API-Key: {key}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_address_takes_a_key_from_its_query()
    {
        var keys = new TestKeys();
        var key = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        foreach (var name in (string[])["key", "api_key", "access_token", "x-api-key"])
        {
            using var answer = await server.GetAsync($"/v1/samplers?{name}={key}", null);
            Assert.Equal(401, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task Keys_that_ended_or_are_disabled_are_refused_as_ones_that_never_were()
    {
        var keys = new TestKeys();
        var now = TimeProvider.System.GetUtcNow();
        var (ended, disabled) = (await keys.AddAsync("ended", expires: now.AddSeconds(-1)), await keys.AddAsync("off", disabled: true));
        var good = await keys.AddAsync("good", expires: now.AddHours(1));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var told = new List<string?>();
        foreach (var key in (string[])[ended, disabled, "dk_none"])
        {
            using var answer = await server.GetAsync("/v1/samplers", key);
            told.Add((string?)(await answer.ProblemAsync(401, "unauthorized"))["detail"]);
        }
        Assert.Single(told.Distinct());
        using var taken = await server.GetAsync("/v1/samplers", good);
        Assert.Equal(200, (int)taken.StatusCode);
    }
}

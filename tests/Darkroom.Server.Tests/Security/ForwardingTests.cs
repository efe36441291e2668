using System.Text;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security;

/// <summary>Callers behind a proxy are told apart where the settings name the proxy; from anybody else the same headers say nothing.</summary>
public sealed class ForwardingTests
{
    private const string Local = "127.0.0.1";

    [Theory]
    [InlineData("", "203.0.113.7", null, Local)] // nobody is believed
    [InlineData("10.0.0.0/8", "203.0.113.7", null, Local)] // somebody else is
    [InlineData(Local, null, null, Local)]
    [InlineData(Local, "203.0.113.7", null, "203.0.113.7")]
    [InlineData("127.0.0.0/8,10.0.0.0/8", "198.51.100.1, 203.0.113.7, 10.1.2.3", null, "203.0.113.7")] // what a caller wrote before is no hop
    [InlineData("127.0.0.0/8,10.0.0.0/8", "10.9.9.9, 10.1.2.3", null, "10.9.9.9")] // everyone on the way is a proxy: the first
    [InlineData(Local, "203.0.113.7:4711", null, "203.0.113.7")]
    [InlineData(Local, "[2001:db8::1]:4711", null, "2001:db8::1")]
    [InlineData(Local, "2001:db8::1", null, "2001:db8::1")]
    [InlineData(Local, "::ffff:203.0.113.7", null, "203.0.113.7")]
    [InlineData(Local, "203.0.113.7, unknown", null, Local)]
    [InlineData(Local, "1", null, Local)]
    [InlineData(Local, "", null, Local)]
    [InlineData(Local, null, "for=203.0.113.7;proto=https", "203.0.113.7")]
    [InlineData(Local, null, "for=198.51.100.1, Proto=https;For=\"[2001:db8::1]:4711\"", "2001:db8::1")]
    [InlineData(Local, null, "for=203.0.113.7, proto=http", Local)]
    [InlineData(Local, null, "for=\"_hidden,for=1.2.3.4\"", Local)]
    [InlineData(Local, "203.0.113.7", "for=203.0.113.7", "203.0.113.7")]
    [InlineData(Local, "203.0.113.7", "for=198.51.100.1", Local)] // one of them was passed on as the caller wrote it
    public async Task Caller_is_the_last_address_that_is_no_named_proxy(string proxies, string? list, string? elements, string caller)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Proxies", proxies));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img")
            { Content = new StringContent("""{"prompt":"a fox"}""", Encoding.UTF8, "application/json") };
        if (list is not null) request.Headers.TryAddWithoutValidation("X-Forwarded-For", list);
        if (elements is not null) request.Headers.TryAddWithoutValidation("Forwarded", elements);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(caller, Assert.Single(server.Queue.Asked).Caller);
    }

    [Theory]
    [InlineData(Local, "pictures.example.org", 200)]
    [InlineData(Local, "pictures.example.org:8443", 200)]
    [InlineData(Local, "evil.example, pictures.example.org", 200)] // the nearest proxy's is the last
    [InlineData(Local, "pictures.example.org, evil.example", 421)]
    [InlineData(Local, "localhost", 421)] // no name of the settings: what the proxy called is looked at, as ever
    [InlineData(Local, "evil.example", 421)]
    [InlineData("10.0.0.1", "pictures.example.org", 421)]
    [InlineData("", "pictures.example.org", 421)]
    public async Task Forwarded_host_counts_where_a_named_proxy_says_it_and_the_settings_name_it(string proxies, string forwarded, int status)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Proxies", proxies), ("Darkroom:Hosts", "pictures.example.org"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
        request.Headers.Host = "darkroom.internal";
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", forwarded);
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Page_of_the_forwarded_host_is_of_the_own_origin()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Proxies", "127.0.0.1"), ("Darkroom:Hosts", "pictures.example.org"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jobs");
        request.Headers.Host = "127.0.0.1";
        request.Headers.TryAddWithoutValidation("Origin", "https://pictures.example.org");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", "pictures.example.org");
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
    }
}

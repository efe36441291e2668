using System.Net;
using Darkroom.Server.Security.Outbound;
using Darkroom.TestKit.Web;

namespace Darkroom.Server.Tests.Security.Outbound;

/// <summary>A connection is made to what was checked, whatever a name stands for a moment later.</summary>
public sealed class OutboundHttpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_asked_for_once_and_the_address_of_that_answer_is_connected_to()
    {
        await using var first = await WebhookReceiver.StartAsync();
        await using var second = await WebhookReceiver.StartAsync(address: "127.0.0.2", port: first.Port);
        var names = new FlippingNames("127.0.0.1", "127.0.0.2");
        using var http = OutboundHttp.Create(OutboundRule.Parse($"http://localhost:{first.Port}")!, names);
        using var answer = await http.GetAsync(new Uri($"http://localhost:{first.Port}/"), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((1, 1, 0), (names.Asked, first.Calls.Count, second.Calls.Count));
        using var next = await http.GetAsync(new Uri($"http://localhost:{first.Port}/"), Cancellation);
        Assert.Equal((2, 1, 1), (names.Asked, first.Calls.Count, second.Calls.Count)); // every call is checked
    }

    [Theory]
    [InlineData("public", "https://flips.example/", "127.0.0.1")]
    [InlineData("public", "https://flips.example/", "93.184.216.34,10.0.0.1")]
    [InlineData("public", "https://flips.example/", "93.184.216.34,::ffff:127.0.0.1")]
    [InlineData("public", "https://flips.example/", "")]
    [InlineData("flips.example", "https://flips.example/", "169.254.169.254")]
    public async Task Where_one_address_is_not_allowed_none_is_connected_to(string setting, string url, string addresses)
    {
        var names = new FlippingNames(addresses, "93.184.216.34");
        using var http = OutboundHttp.Create(OutboundRule.Parse(setting)!, names);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(url), Cancellation));
        Assert.IsType<OutboundRefusedException>(refused.InnerException);
        Assert.Equal(1, names.Asked);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using var target = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.Redirect(target.Url);
            return Task.CompletedTask;
        });
        using var http = OutboundHttp.Create(OutboundRule.Parse($"{receiver.Origin},{target.Origin}")!, new SystemNames());
        using var answer = await http.GetAsync(new Uri(receiver.Url), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Empty(target.Calls);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_ends_the_call()
    {
        await using var receiver = await WebhookReceiver.StartAsync(isHttps: true);
        using var http = OutboundHttp.Create(OutboundRule.Parse(receiver.Origin)!, new SystemNames());
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(new Uri(receiver.Url), Cancellation));
        Assert.Equal(HttpRequestError.SecureConnectionError, refused.HttpRequestError);
        Assert.Empty(receiver.Calls);
    }

    /// <summary>Gives each answer once, then the last.</summary>
    private sealed class FlippingNames(params string[] answers) : INameResolver
    {
        public int Asked { get; private set; }

        public ValueTask<IPAddress[]> ResolveAsync(string name, CancellationToken cancellation)
        {
            var answer = answers[Math.Min(Asked++, answers.Length - 1)];
            return ValueTask.FromResult(answer.Length == 0 ? [] : Array.ConvertAll(answer.Split(','), IPAddress.Parse));
        }
    }
}

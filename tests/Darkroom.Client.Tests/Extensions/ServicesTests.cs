using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Client.Tests.Extensions;

/// <summary>The client as a service.</summary>
public sealed class ServicesTests(TestServer server)
{
    [Fact]
    public async Task A_client_comes_from_a_connection_string()
    {
        var services = new ServiceCollection();
        services.AddDarkroomClient($"Endpoint={server.Address}", options => options.MaxRetries = 1).AddHttpMessageHandler(() => new Counting());
        services.AddDarkroomImageGenerator();
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<DarkroomClient>();
        Assert.Same(client, provider.GetRequiredService<DarkroomClient>());
        Assert.Equal("Darkroom", (await client.GetVersionAsync()).Name);
        Assert.Equal(1, Counting.Requests);
#pragma warning disable MEAI001 // The generator is what is tested.
        Assert.Same(client, provider.GetRequiredService<IImageGenerator>().GetService<DarkroomClient>());
#pragma warning restore MEAI001
    }

    [Fact]
    public void Several_servers_have_names()
    {
        var services = new ServiceCollection();
        services.AddKeyedDarkroomClient("one", options => options.BaseAddress = new("http://one:1"));
        services.AddKeyedDarkroomClient("two", options => options.BaseAddress = new("http://two:2/below"));
        using var provider = services.BuildServiceProvider();
        Assert.Equal("http://one:1/", provider.GetRequiredKeyedService<DarkroomClient>("one").Address.ToString());
        Assert.Equal("http://two:2/below/", provider.GetRequiredKeyedService<DarkroomClient>("two").Address.ToString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/", null)]
    [InlineData("Endpoint=https://gpu.example:8443/darkroom;Key=a=b", "https://gpu.example:8443/darkroom", "a=b")]
    [InlineData(" endpoint = http://a ; KEY = k ; ", "http://a/", "k")]
    public void Connection_strings_are_read(string text, string address, string? key)
    {
        var options = DarkroomClientOptions.Parse(text);
        Assert.Equal((address, key), (options.BaseAddress?.ToString(), options.ApiKey));
    }

    [Theory]
    [InlineData("Endpoint=ftp://a")]
    [InlineData("Key=k")]
    [InlineData("Endpoint=http://a;Password=x")]
    [InlineData("somewhere")]
    public void What_is_no_connection_string_is_refused(string text) => Assert.Throws<FormatException>(() => DarkroomClientOptions.Parse(text));

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Check(nameof(DarkroomClientOptions.Timeout), options => options.Timeout = TimeSpan.Zero);
        Check(nameof(DarkroomClientOptions.MaxRetries), options => options.MaxRetries = 21);
        Check(nameof(DarkroomClientOptions.RetryDelay), options => options.RetryDelay = TimeSpan.FromMinutes(2));
        Check(nameof(DarkroomClientOptions.MaxRetryDelay), options => options.MaxRetryDelay = TimeSpan.FromMilliseconds(100));
        Check(nameof(DarkroomClientOptions.ReconnectFor), options => options.ReconnectFor = TimeSpan.FromSeconds(-1));
        Check(nameof(DarkroomClientOptions.BaseAddress), options => options.BaseAddress = new("ftp://a"));
        Check("options", options => options.BaseAddress = null);
    }

    private static void Check(string name, Action<DarkroomClientOptions> change)
    {
        var options = new DarkroomClientOptions { BaseAddress = new("http://127.0.0.1") };
        change(options);
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() => new DarkroomClient(options)).ParamName);
    }

    private sealed class Counting : DelegatingHandler
    {
        public static int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}

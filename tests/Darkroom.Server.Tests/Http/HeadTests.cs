using System.Net;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Darkroom.Server.Tests.Http;

/// <summary>HEAD wherever GET is, with GET's headers and no body (RFC 9110, 9.3.2).</summary>
public sealed class HeadTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/v1/version")]
    [InlineData("/v1/models")]
    [InlineData("/v1/models/starter")]
    [InlineData("/v1/models/nothing")]
    [InlineData("/v1/samplers")]
    [InlineData("/v1/schedules")]
    [InlineData("/v1/upscalers")]
    [InlineData("/v1/controlnets")]
    [InlineData("/v1/embeddings")]
    [InlineData("/v1/jobs")]
    [InlineData("/v1/jobs/nothing")]
    [InlineData("/openapi/v1.json")]
    public async Task Head_answers_as_get_without_a_body(string path)
    {
        await using var server = await RunningServer.StartAsync();
        using var get = await server.Client.GetAsync(path);
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Head_of_events_ends_at_once_though_the_job_does_not()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var accepted = await server.PostAsync("""{"prompt":""}""", prefer: "respond-async");
        using var head = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, accepted.Headers.Location + "/events"));
        Assert.Equal((HttpStatusCode.OK, "text/event-stream"), (head.StatusCode, head.Content.Headers.ContentType!.MediaType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync().WaitAsync(TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public async Task Every_address_of_get_is_one_of_head()
    {
        await using var server = await RunningServer.StartAsync();
        var methods = ((IEndpointRouteBuilder)server.App).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => (endpoint.RoutePattern.RawText, endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []))
            .ToLookup(one => one.RawText, one => one.Item2);
        Assert.True(methods.Count > 10);
        Assert.All(methods, address => Assert.Equal(address.Any(one => one.Contains("GET")), address.Any(one => one.Contains("HEAD"))));
    }
}

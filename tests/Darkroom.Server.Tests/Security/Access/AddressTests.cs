using Darkroom.Server.Security.Access;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Security.Access;

/// <summary>Every address, whatever stands behind it, asks for what the table says: addresses are read from the running server.</summary>
public sealed class AddressTests
{
    private const string Wrong = "dk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task Every_address_is_in_the_table_of_what_addresses_ask()
    {
        await using var server = await RunningServer.StartAsync();
        var missing = Endpoints(server).Where(endpoint => endpoint.Metadata.GetMetadata<AddressAccess>() is null)
            .Select(endpoint => $"{string.Join(' ', Methods(endpoint))} {endpoint.RoutePattern.RawText}");
        Assert.Empty(missing);
    }

    [Fact]
    public async Task Only_what_tells_nothing_of_anybody_is_for_everybody()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Equal(
            ["/", "/livez", "/openapi/v1-3.0.json", "/openapi/v1.json", "/playground/{hash}/{**name}", "/readyz", "/v1/images/{id}/content"],
            Endpoints(server).Where(endpoint => endpoint.Metadata.GetMetadata<AddressAccess>()?.Scope is null)
                .Select(endpoint => endpoint.RoutePattern.RawText!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_address_refuses_no_key_a_wrong_one_and_one_without_the_scope_and_takes_the_right_one()
    {
        var keys = new TestKeys();
        var held = new Dictionary<KeyScope, string>();
        foreach (var scope in (KeyScope[])[KeyScope.Read, KeyScope.Generate, KeyScope.Metrics, KeyScope.Admin])
            held[scope] = await keys.AddAsync(scope.ToString(), scope);
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var count = 0;
        foreach (var endpoint in Endpoints(server))
            foreach (var method in Methods(endpoint).Select(name => new HttpMethod(name)))
            {
                var path = endpoint.RoutePattern.RawText!.Replace("{id}", new string('0', 32), StringComparison.Ordinal);
                var needed = endpoint.Metadata.GetMetadata<AddressAccess>()!.Scope;
                foreach (var key in (string?[])[null, Wrong])
                {
                    using var refused = await server.AskAsync(method, path, key);
                    Assert.Equal((path, needed is null), (path, (int)refused.StatusCode is not (401 or 429)));
                    if (refused.StatusCode == System.Net.HttpStatusCode.Unauthorized) Assert.NotEmpty(refused.Headers.WwwAuthenticate);
                }
                foreach (var (scope, key) in held)
                {
                    using var answer = await server.AskAsync(method, path, key);
                    var may = needed is not { } one || scope == one || scope == KeyScope.Admin;
                    Assert.Equal((path, method, scope, may), (path, method, scope, (int)answer.StatusCode is not (401 or 403)));
                }
                count++;
            }
        Assert.True(count > 25);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", 404)]
    [InlineData("GET", "/V1/Jobs", 200)]
    [InlineData("GET", "/v1/jobs/", 200)]
    [InlineData("GET", "/swagger/../v1/jobs", 200)]
    [InlineData("GET", "/swagger%2f..%2fv1/jobs", 404)]
    [InlineData("PUT", "/v1/jobs", 405)]
    [InlineData("OPTIONS", "/v1/jobs", 405)]
    public async Task Without_a_key_no_spelling_of_an_address_tells_anything(string method, string path, int withKey)
    {
        var keys = new TestKeys();
        var key = await keys.AddAsync("alice");
        await using var server = await RunningServer.StartAsync(keys.Setting);
        using var refused = await server.AskAsync(new(method), path, null);
        Assert.Equal(401, (int)refused.StatusCode);
        using var answered = await server.AskAsync(new(method), path, key);
        Assert.Equal(withKey, (int)answered.StatusCode);
    }

    [Fact]
    public async Task Refusals_say_what_is_needed()
    {
        var keys = new TestKeys();
        var reader = await keys.AddAsync("reader", KeyScope.Read);
        await using var server = await RunningServer.StartAsync(keys.Setting);

        using var none = await server.GetAsync("/v1/jobs", null);
        await none.ProblemAsync(401, "unauthorized");
        Assert.Equal(["Bearer", "Basic"], none.Headers.WwwAuthenticate.Select(way => way.Scheme));

        using var short_ = await server.AskAsync(HttpMethod.Post, "/v1/txt2img", reader, """{"prompt":"a fox"}""");
        var problem = await short_.ProblemAsync(403, "forbidden_scope");
        Assert.Contains("generate", (string?)problem["detail"]);
        Assert.Contains("scope=\"generate\"", short_.Headers.WwwAuthenticate.ToString());
        Assert.Empty(server.Queue.Asked);
    }

    [Fact]
    public async Task Probes_and_the_page_of_the_interface_are_for_everybody()
    {
        var keys = new TestKeys();
        var reader = await keys.AddAsync("reader", KeyScope.Read);
        await using var server = await RunningServer.StartAsync(keys.Setting);
        foreach (var path in (string[])["/livez", "/readyz", "/", "/openapi/v1.json", "/swagger/index.html"])
        {
            using var answer = await server.GetAsync(path, null);
            Assert.Equal((path, 200), (path, (int)answer.StatusCode));
        }
        using var plain = await server.GetAsync("/readyz?verbose", null);
        Assert.Null((await plain.JsonAsync())["warnings"]);
        using var verbose = await server.GetAsync("/readyz?verbose", reader);
        Assert.NotNull((await verbose.JsonAsync())["warnings"]);
    }

    private static IEnumerable<RouteEndpoint> Endpoints(RunningServer server) =>
        server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private static IReadOnlyList<string> Methods(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? [];
}

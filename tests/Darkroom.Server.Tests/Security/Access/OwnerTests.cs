using System.Text.Json.Nodes;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Security.Access;

/// <summary>What a key made is answered to that key, and to administrators; to another it is as if it were not there.</summary>
public sealed class OwnerTests
{
    private const string Fox = """{"prompt":"a fox"}""";

    [Fact]
    public async Task Another_keys_job_and_picture_are_answered_like_those_that_do_not_exist()
    {
        var keys = new TestKeys();
        var (alice, bob) = (await keys.AddAsync("alice"), await keys.AddAsync("bob"));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        using var made = await server.AskAsync(HttpMethod.Post, "/v1/txt2img", alice, Fox);
        var answer = await made.JsonAsync();
        var job = (string)answer["id"]!;
        var picture = (string)answer["images"]![0]!["url"]!;
        Assert.Equal("key:id-alice", server.Queue.Asked.Single().Caller);

        var absent = new string('f', 32);
        foreach (var (method, theirs, none) in ((string, string, string)[])
        [
            ("GET", "/v1/jobs/" + job, "/v1/jobs/" + absent), ("HEAD", "/v1/jobs/" + job, "/v1/jobs/" + absent),
            ("GET", $"/v1/jobs/{job}/events", $"/v1/jobs/{absent}/events"), ("DELETE", "/v1/jobs/" + job, "/v1/jobs/" + absent),
            ("GET", picture, "/v1/images/" + absent), ("HEAD", picture, "/v1/images/" + absent),
        ])
            Assert.Equal(await ToldAsync(server, method, none, bob), await ToldAsync(server, method, theirs, bob));
        Assert.Empty(server.Queue.Cancelled);

        foreach (var path in (string[])["/v1/jobs/" + job, $"/v1/jobs/{job}/events", picture])
        {
            using var own = await server.GetAsync(path, alice);
            Assert.Equal((path, 200), (path, (int)own.StatusCode));
        }
        using var cancelled = await server.AskAsync(HttpMethod.Delete, "/v1/jobs/" + job, alice);
        Assert.Equal(200, (int)cancelled.StatusCode);
    }

    [Fact]
    public async Task Lists_hold_a_keys_own_jobs_and_all_of_them_for_administrators()
    {
        var keys = new TestKeys();
        var (alice, bob, admin) = (await keys.AddAsync("alice"), await keys.AddAsync("bob"), await keys.AddAsync("admin", KeyScope.Admin));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        foreach (var key in (string[])[alice, bob, alice, bob, bob])
            (await server.AskAsync(HttpMethod.Post, "/v1/txt2img", key, Fox)).Dispose();
        Assert.Equal((2, 3, 5), (await CountAsync(alice), await CountAsync(bob), await CountAsync(admin)));

        using var first = await server.GetAsync("/v1/jobs?limit=1", alice);
        var page = await first.JsonAsync();
        using var second = await server.GetAsync("/v1/jobs?limit=1&after=" + (string)page["next"]!, alice);
        Assert.Null((await second.JsonAsync())["next"]);

        async Task<int> CountAsync(string key)
        {
            using var list = await server.GetAsync("/v1/jobs", key);
            return (await list.JsonAsync())["data"]!.AsArray().Count;
        }
    }

    [Fact]
    public async Task Administrators_see_and_end_what_others_made()
    {
        var keys = new TestKeys();
        var (alice, admin) = (await keys.AddAsync("alice"), await keys.AddAsync("admin", KeyScope.Admin));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        using var made = await server.AskAsync(HttpMethod.Post, "/v1/txt2img", alice, Fox);
        var answer = await made.JsonAsync();
        using var picture = await server.GetAsync((string)answer["images"]![0]!["url"]!, admin);
        Assert.Equal(200, (int)picture.StatusCode);
        using var ended = await server.AskAsync(HttpMethod.Delete, "/v1/jobs/" + (string)answer["id"]!, admin);
        Assert.Equal(200, (int)ended.StatusCode);
    }

    [Fact]
    public async Task Without_keys_everybody_on_this_machine_sees_everything()
    {
        await using var server = await RunningServer.StartAsync();
        using var made = await server.PostAsync(Fox);
        Assert.Equal("127.0.0.1", server.Queue.Asked.Single().Caller);
        using var list = await server.GetAsync("/v1/jobs", "dk_any");
        Assert.Single((await list.JsonAsync())["data"]!.AsArray());
    }

    /// <summary>All that a caller is told, but for what is new each time and the id they sent themselves.</summary>
    private static async Task<string> ToldAsync(RunningServer server, string method, string path, string key)
    {
        using var answer = await server.AskAsync(new(method), path, key);
        var headers = answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key.ToLowerInvariant() is not ("x-request-id" or "date"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
        var body = await answer.Content.ReadAsStringAsync();
        if (body.Length > 0)
        {
            var problem = JsonNode.Parse(body)!.AsObject();
            problem.Remove("request_id");
            problem.Remove("instance");
            body = problem.ToJsonString();
        }
        return $"{(int)answer.StatusCode}\n{string.Join('\n', headers)}\n{body}";
    }
}

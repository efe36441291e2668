using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Memory;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Who sees what of usage, over which days.</summary>
public sealed class UsageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly GenerationRequest Request = new()
    {
        Task = GenerationTask.Txt2img, Model = "m", Prompt = "p", Width = 64, Height = 64, Steps = 4, GuidanceScale = 1, Seed = 1,
    };

    private readonly Clock clock = new();
    private readonly MemoryJobStore store;
    private int jobs;

    public UsageTests() => store = new MemoryJobStore(clock);

    [Fact]
    public async Task Own_usage_is_for_a_key_that_reads_and_everybodys_for_an_administrator()
    {
        var keys = new TestKeys();
        var (ann, boss) = (await keys.AddAsync("ann", KeyScope.Read), await keys.AddAsync("boss", KeyScope.Admin));
        var generates = await keys.AddAsync("gen", KeyScope.Generate);
        await UseAsync("key:id-ann", new(1.23456, 2, null));
        await UseAsync("key:gone", new(1, 2, 30));
        await UseAsync("10.0.0.9", new(1, 1, null));
        clock.Now = Noon.AddDays(1);
        await UseAsync("key:id-ann", new(2, 4, 0.5));
        await using var server = await StartAsync(keys);

        var own = await UsageAsync(server, ann);
        Assert.Equal(("2026-11-01", "2026-11-30"), ((string?)own["from"], (string?)own["to"]));
        Assert.Equal([("2026-11-29", "id-ann", "ann"), ("2026-11-30", "id-ann", "ann")], Rows(own));
        Assert.Equal((2, 3.235, 6.0, 0.5), ((int)own["total"]!["jobs"]!["cancelled"]!, (double)own["total"]!["device_seconds"]!,
            (double)own["total"]!["processor_seconds"]!, (double)own["total"]!["joules"]!));
        Assert.False(own["data"]![0]!["usage"]!.AsObject().ContainsKey("joules"));
        Assert.Equal(own.ToJsonString(), (await UsageAsync(server, ann, "?key=ann")).ToJsonString());

        Assert.Equal([("2026-11-29", null, null), ("2026-11-29", "gone", null), ("2026-11-29", "id-ann", "ann"), ("2026-11-30", "id-ann", "ann")],
            Rows(await UsageAsync(server, boss)));
        Assert.Equal([("2026-11-29", "gone", null)], Rows(await UsageAsync(server, boss, "?key=gone")));
        Assert.Equal([("2026-11-29", null, null)], Rows(await UsageAsync(server, boss, "?key=")));
        Assert.Equal([("2026-11-30", "id-ann", "ann")], Rows(await UsageAsync(server, boss, "?key=id-ann&from=2026-11-30")));
        Assert.Empty(Rows(await UsageAsync(server, boss, "?from=2026-10-01&to=2026-10-31")));

        using var others = await server.GetAsync("/v1/usage?key=boss", ann);
        await others.ProblemAsync(403, "forbidden_scope");
        using var without = await server.GetAsync("/v1/usage", generates);
        await without.ProblemAsync(403, "forbidden_scope");
    }

    [Fact]
    public async Task Every_wrong_value_is_told()
    {
        await using var server = await StartAsync(null);
        using var wrong = await server.Client.GetAsync("/v1/usage?from=yesterday&to=2026-02-30&until=1");
        Assert.Equal(["until", "to", "from"], (await wrong.ProblemAsync(422, "invalid_request")).FaultyFields());
        foreach (var (query, limit) in new[]
        {
            ("?from=2026-11-30", "at most 2026-11-29"), ("?from=2025-10-25", "at least 2025-10-26"), ("?to=0001-01-01&from=0001-01-02", "at most 0001-01-01"),
        })
        {
            using var answer = await server.Client.GetAsync("/v1/usage" + query);
            var problem = await answer.ProblemAsync(422, "invalid_request");
            Assert.Equal(("from", limit), ((string?)problem["errors"]![0]!["field"], (string?)problem["errors"]![0]!["limit"]));
        }
        using var least = await server.Client.GetAsync("/v1/usage?to=0001-01-01");
        Assert.Equal(200, (int)least.StatusCode);
    }

    private Task<RunningServer> StartAsync(TestKeys? keys) => RunningServer.StartAtAsync(clock, store, keys is null ? [] : [keys.Setting]);

    private async Task UseAsync(string caller, JobUsage used)
    {
        string id = $"{++jobs}";
        await store.AddAsync(Job.Admit(id, Request with { Caller = caller }, [], clock.Now), new AddTerms { MaxQueued = 9 }, default);
        await store.ClaimAsync([id], new JobOwner("here", TimeSpan.FromMinutes(1)), default);
        await store.CommitAsync(id, null, new JobCommand.Cancel(), default);
        await store.CommitAsync(id, null, new JobCommand.Spend(1, used), default);
    }

    private static async Task<JsonObject> UsageAsync(RunningServer server, string key, string query = "")
    {
        using var answer = await server.GetAsync("/v1/usage" + query, key);
        Assert.Equal(200, (int)answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private static (string? Day, string? Key, string? Name)[] Rows(JsonObject usage) =>
        [.. usage["data"]!.AsArray().Select(row => ((string?)row!["day"], (string?)row["key"], (string?)row["name"]))];

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Noon;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

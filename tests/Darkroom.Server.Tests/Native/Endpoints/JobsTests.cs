using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

public sealed class JobsTests
{
    [Fact]
    public async Task Jobs_are_listed_newest_first_page_by_page_though_others_come_meanwhile()
    {
        await using var server = await RunningServer.StartAsync();
        for (var i = 0; i < 5; i++) await PostAsync(server);
        var first = await ListAsync(server, "?limit=2");
        Assert.Equal([Id(5), Id(4)], Ids(first));
        await PostAsync(server);
        var second = await ListAsync(server, $"?limit=2&after={first["next"]}");
        Assert.Equal([Id(3), Id(2)], Ids(second));
        var last = await ListAsync(server, $"?limit=2&after={second["next"]}");
        Assert.Equal([Id(1)], Ids(last));
        Assert.False(last.ContainsKey("next"));
        Assert.Equal(6, Ids(await ListAsync(server, "")).Length);
    }

    [Fact]
    public async Task A_list_can_be_of_one_status()
    {
        await using var server = await RunningServer.StartAsync();
        await PostAsync(server);
        server.Queue.LeavesQueued = true;
        await PostAsync(server);
        await PostAsync(server);
        await server.Queue.CancelAsync(Id(2), default);
        Assert.Equal([Id(3)], Ids(await ListAsync(server, "?status=queued")));
        Assert.Equal([Id(2)], Ids(await ListAsync(server, "?status=cancelled")));
        Assert.Equal([Id(1)], Ids(await ListAsync(server, "?status=succeeded")));
        Assert.Empty(Ids(await ListAsync(server, "?status=expired")));
    }

    [Fact]
    public async Task Every_wrong_parameter_of_a_list_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        using var wrong = await server.Client.GetAsync("/v1/jobs?status=done&limit=101&after=yesterday&page=2");
        Assert.Equal(["page", "status", "limit", "after"], (await wrong.ProblemAsync(422, "invalid_request")).FaultyFields());
        foreach (var after in (string[])["", "x.y", "-1.a", "ffffffffffffffff.a", "7fffffffffffffff.a", "0.a"])
        {
            using var answer = await server.Client.GetAsync($"/v1/jobs?after={after}");
            Assert.InRange((int)answer.StatusCode, 200, 422);
        }
    }

    [Fact]
    public async Task A_waiting_job_tells_its_place_and_when_it_will_be_done()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.LeavesQueued = true;
        server.Queue.Outlook = new(3, 12.3456);
        await PostAsync(server);
        var progress = (await JobAsync(server, Id(1)))["progress"]!;
        Assert.Equal((3, 12.35, 0), ((int?)progress["position"], (double?)progress["eta"], (int?)progress["step"]));
    }

    [Fact]
    public async Task A_job_without_pictures_tells_the_problem_that_its_caller_would_have_got()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.LeavesQueued = true;
        foreach (var command in (JobCommand[])[new JobCommand.Fail(new(JobFailureKind.NonFinite, "Not finite.")), new JobCommand.Expire(),
            new JobCommand.Cancel()])
        {
            await PostAsync(server);
            await server.Queue.ApplyAsync(Id(server.Queue.Asked.Count), command);
        }
        foreach (var (number, status, slug) in ((int, int, string)[])[(1, 500, "non_finite_output"), (2, 503, "deadline_expired"), (3, 409, "job_cancelled")])
        {
            var problem = (await JobAsync(server, Id(number)))["problem"]!;
            Assert.Equal((status, "/problems/" + slug, Id(number), "/v1/jobs/" + Id(number)),
                ((int?)problem["status"], (string?)problem["type"], (string?)problem["job_id"], (string?)problem["instance"]));
        }
    }

    [Fact]
    public async Task Cancelling_twice_is_cancelling_once()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.LeavesQueued = true;
        await PostAsync(server);
        using var first = await server.Client.DeleteAsync($"/v1/jobs/{Id(1)}");
        using var again = await server.Client.DeleteAsync($"/v1/jobs/{Id(1)}");
        Assert.Equal(
            ((string?)(await first.JsonAsync())["status"], "cancelled"), ("cancelled", (string?)(await again.JsonAsync())["status"]));
        using var unknown = await server.Client.DeleteAsync("/v1/jobs/nothing");
        await unknown.ProblemAsync(404, "job_not_found");
    }

    private static string Id(int number) => number.ToString("x32");

    private static async Task PostAsync(RunningServer server)
    {
        using var answer = await server.PostAsync("""{"prompt":"a fox"}""", prefer: "respond-async");
        Assert.Equal(202, (int)answer.StatusCode);
    }

    private static async Task<JsonObject> ListAsync(RunningServer server, string query) =>
        JsonNode.Parse(await server.Client.GetStringAsync("/v1/jobs" + query))!.AsObject();

    private static async Task<JsonObject> JobAsync(RunningServer server, string id) =>
        JsonNode.Parse(await server.Client.GetStringAsync("/v1/jobs/" + id))!.AsObject();

    private static string[] Ids(JsonObject list) => [.. list["data"]!.AsArray().Select(job => (string)job!["id"]!)];
}

using System.Net;
using System.Text;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Idempotency-Key: the same request twice is one job.</summary>
public sealed class RepeatedRequestTests
{
    [Fact]
    public async Task Same_key_and_request_give_the_first_job_and_say_so_whatever_the_order_of_fields()
    {
        await using var server = await RunningServer.StartAsync();
        using var first = await PostAsync(server, """{"prompt":"fox","steps":4}""");
        using var second = await PostAsync(server, """{ "steps": 4, "prompt": "fox" }""");
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(["true"], second.Headers.GetValues("Idempotent-Replayed"));
        Assert.Equal((await first.JsonAsync())["id"]!.ToString(), (await second.JsonAsync())["id"]!.ToString());
    }

    [Theory]
    [InlineData("""{"prompt":"fox","steps":5}""")]
    [InlineData("""{"prompt":"fox","steps":4,"seed":1}""")]
    public async Task Same_key_for_another_request_is_refused(string other)
    {
        await using var server = await RunningServer.StartAsync();
        using var first = await PostAsync(server, """{"prompt":"fox","steps":4}""");
        using var second = await PostAsync(server, other);
        await second.ProblemAsync(422, "idempotency_key_reused");
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("LONG")]
    public async Task Key_that_is_none_is_a_fault_of_the_request(string key)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await PostAsync(server, """{"prompt":"fox"}""", key == "LONG" ? new string('k', 256) : key);
        Assert.Equal(["Idempotency-Key"], (await answer.ProblemAsync(422, "invalid_request")).FaultyFields());
    }

    [Fact]
    public async Task Caller_with_a_key_who_hangs_up_finds_the_job_again()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var patience = new CancellationTokenSource();
        var waiting = PostAsync(server, """{"prompt":"fox"}""", cancellation: patience.Token);
        while (server.Queue.Terms.IsEmpty) await Task.Delay(5, TestContext.Current.CancellationToken);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        server.Queue.Gate.SetResult();
        using var again = await PostAsync(server, """{"prompt":"fox"}""");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Empty(server.Queue.Cancelled);
    }

    [Fact]
    public async Task Priority_of_a_waiting_job_can_be_changed_and_of_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.LeavesQueued = true;
        using var accepted = await PostAsync(server, """{"prompt":"fox"}""", prefer: "respond-async");
        string id = (await accepted.JsonAsync())["id"]!.ToString();
        using var raised = await PatchAsync(server, id, """{"priority":"high"}""");
        Assert.Equal("high", (await raised.JsonAsync())["parameters"]!["priority"]!.ToString());
        using var wrong = await PatchAsync(server, id, """{"priority":"highest","steps":4}""");
        Assert.Equal(["priority", "steps"], (await wrong.ProblemAsync(422, "invalid_request")).FaultyFields().Order());
        using var nothing = await PatchAsync(server, id, "{}");
        Assert.Equal(["priority"], (await nothing.ProblemAsync(422, "invalid_request")).FaultyFields());
        await server.Queue.ApplyAsync(id, new JobCommand.Cancel());
        using var late = await PatchAsync(server, id, """{"priority":"low"}""");
        await late.ProblemAsync(409, "job_not_waiting");
        using var absent = await PatchAsync(server, new string('0', 32), """{"priority":"low"}""");
        await absent.ProblemAsync(404, "job_not_found");
    }

    private static Task<HttpResponseMessage> PostAsync(
        RunningServer server, string body, string key = "abc", string? prefer = null, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (prefer is not null) request.Headers.Add("Prefer", prefer);
        return server.Client.SendAsync(request, cancellation);
    }

    private static Task<HttpResponseMessage> PatchAsync(RunningServer server, string id, string body) => server.Client.PatchAsync(
        "/v1/jobs/" + id, new StringContent(body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
}

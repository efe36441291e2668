using Darkroom.Engine.Jobs;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Every answer about a job names it in <c>X-Job-Id</c>, whatever the answer is.</summary>
public sealed class JobIdTests
{
    private const string Fox = """{"prompt":"a fox"}""";
    private static readonly string First = 1.ToString("x32");

    [Theory]
    [InlineData(null, null)]
    [InlineData("image/png", null)]
    [InlineData(null, "respond-async")]
    [InlineData(null, "wait=30")]
    public async Task A_generation_names_its_job(string? accept, string? prefer)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.PostAsync(Fox, accept, prefer: prefer);
        Assert.Equal(First, JobOf(answer));
    }

    [Fact]
    public async Task A_job_that_failed_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Failure = new(JobFailureKind.NonFinite, "Not finite.");
        using var answer = await server.PostAsync(Fox);
        Assert.Equal((500, First), ((int)answer.StatusCode, JobOf(answer)));
    }

    [Fact]
    public async Task What_is_asked_of_a_job_names_it()
    {
        await using var server = await RunningServer.StartAsync();
        using var made = await server.PostAsync(Fox);
        using var found = await server.Client.GetAsync($"/v1/jobs/{First}");
        using var events = await server.Client.GetAsync($"/v1/jobs/{First}/events");
        using var cancelled = await server.Client.DeleteAsync($"/v1/jobs/{First}");
        Assert.All((HttpResponseMessage[])[found, events, cancelled], answer => Assert.Equal(First, JobOf(answer)));
    }

    [Fact]
    public async Task What_is_about_no_job_names_none()
    {
        await using var server = await RunningServer.StartAsync();
        using var refused = await server.PostAsync("""{"prompt":"","steps":0}""");
        using var unknown = await server.Client.GetAsync("/v1/jobs/nothing");
        using var list = await server.Client.GetAsync("/v1/jobs");
        Assert.All((HttpResponseMessage[])[refused, unknown, list], answer => Assert.Null(JobOf(answer)));
    }

    private static string? JobOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("X-Job-Id", out var ids) ? Assert.Single(ids) : null;
}

using System.Diagnostics;
using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Generation;

/// <summary>The way out where jobs outlive the process: callers are told, and no job is cancelled.</summary>
public sealed class DurableDrainTests : IDisposable
{
    private const string Fox = """{"prompt":"a fox"}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-drain-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_caller_who_waits_when_time_is_up_is_told_where_the_job_goes_on()
    {
        using var store = Open();
        await using var server = await RunningServer.StartAsync(store, ("Darkroom:DrainTimeout", "0.3"));
        server.Queue.Gate = new();
        var waits = server.PostAsync(Fox);
        await UntilAsync(() => !server.Queue.Asked.IsEmpty);
        var stopping = Begin(server);
        using var answer = await waits.WaitAsync(Patience);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        string id = problem.GetProperty("job_id").GetString()!;
        Assert.Equal((503, "/problems/shutting_down"), ((int)answer.StatusCode, problem.GetProperty("type").GetString()));
        Assert.Equal("/v1/jobs/" + id, answer.Headers.Location?.ToString());
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("goes on when the server is back: GET /v1/jobs/" + id, problem.GetProperty("detail").GetString());
        Assert.Empty(server.Queue.Cancelled);
        Assert.Equal(JobState.Running, (await store.FindAsync(id, default))!.State); // the engine, which is scripted here, gives it back
        Assert.True(server.App.Services.GetRequiredService<EngineLifetime>().IsStopping);
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_caller_whose_job_ends_in_time_gets_the_picture()
    {
        using var store = Open();
        await using var server = await RunningServer.StartAsync(store, ("Darkroom:DrainTimeout", "20"));
        server.Queue.Gate = new();
        var waits = server.PostAsync(Fox);
        await UntilAsync(() => !server.Queue.Asked.IsEmpty);
        _ = Begin(server);
        await UntilAsync(() => server.App.Services.GetRequiredService<Drain>().IsDraining);
        Assert.False(server.App.Services.GetRequiredService<EngineLifetime>().IsStopping); // jobs are claimed as long as a caller waits
        server.Queue.Gate.SetResult();
        using var answer = await waits.WaitAsync(Patience);
        Assert.Equal(200, (int)answer.StatusCode);
        server.App.Services.GetRequiredService<Drain>().Hurry();
    }

    [Fact]
    public async Task A_second_signal_tells_callers_at_once()
    {
        using var store = Open();
        await using var server = await RunningServer.StartAsync(store, ("Darkroom:DrainTimeout", "60"));
        server.Queue.Gate = new();
        var waits = server.PostAsync(Fox);
        await UntilAsync(() => !server.Queue.Asked.IsEmpty);
        _ = Begin(server);
        long second = Stopwatch.GetTimestamp();
        server.App.Services.GetRequiredService<Drain>().Hurry();
        using var answer = await waits.WaitAsync(Patience);
        Assert.Equal(503, (int)answer.StatusCode);
        Assert.NotNull(answer.Headers.Location);
        Assert.True(Stopwatch.GetElapsedTime(second) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_job_that_nobody_waits_for_holds_nothing_up_while_it_is_queued()
    {
        using var store = Open();
        await using var server = await RunningServer.StartAsync(store, ("Darkroom:DrainTimeout", "60"));
        server.Queue.LeavesQueued = true;
        using var accepted = await server.PostAsync(Fox, prefer: "respond-async");
        Assert.Equal(202, (int)accepted.StatusCode);
        var engine = server.App.Services.GetRequiredService<EngineLifetime>();
        _ = Begin(server);
        await UntilAsync(() => engine.IsStopping); // nobody is waited for, so that nothing more is claimed
        Assert.Empty(server.Queue.Cancelled);
        Assert.Equal(1, await store.CountQueuedAsync(default));
        server.App.Services.GetRequiredService<Drain>().Hurry();
    }

    private SqliteJobStore Open() => SqliteJobStore.Open(folder, TimeProvider.System);

    private static Task Begin(RunningServer server) => Task.Run(() => server.App.Services.GetRequiredService<Drain>().StoppingAsync(default));

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int wait = 0; !condition(); wait++)
        {
            Assert.True(wait < 1000, "It did not come about in time.");
            await Task.Delay(10);
        }
    }
}

using Darkroom.Engine.Jobs;
using Darkroom.Storage.Sqlite;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>A store of pictures that cannot be reached for a while costs no finished picture: it is kept, and stored when the store is back.</summary>
public sealed class AwayPicturesTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AwayArtifacts pictures = new() { IsAway = true };
    private EngineHarness engine = null!;

    public void Dispose() => engine.Dispose();

    [Fact]
    public async Task A_finished_picture_is_stored_once_when_the_store_is_back_and_nothing_more_is_begun_meanwhile()
    {
        engine = new EngineHarness(artifacts: pictures, deliveries: new HurriedTime(20));
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain with { Count = 2 });
        await UntilAsync(() => pictures.Faults >= 4);
        var late = await engine.SubmitAsync(Requests.Plain with { Seed = 2 });
        int tried = pictures.Faults;
        await UntilAsync(() => pictures.Faults > tried + 2);
        Assert.Equal([JobState.Running, JobState.Queued], [(await engine.JobAsync(job.Id)).State, (await engine.JobAsync(late.Id)).State]);

        pictures.IsAway = false;
        foreach (var one in (Job[])[job, late]) await engine.Store.WaitAsync(one.Id, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        Assert.Equal(2, (await engine.HashesAsync(job.Id)).Length);
        Assert.Single(await engine.HashesAsync(late.Id));
        Assert.Equal(3, pictures.Stored);
        Assert.Equal(1, (await engine.JobAsync(job.Id)).Attempt); // it was not made again
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_job_that_is_cancelled_meanwhile_leaves_nothing_in_the_store_and_lets_the_next_one_run()
    {
        engine = new EngineHarness(artifacts: pictures, deliveries: new HurriedTime(20));
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(() => pictures.Faults > 0);
        await engine.Queue.CancelAsync(job.Id, Cancellation);
        await UntilAsync(() => engine.Active.Jobs.Count == 0);
        pictures.IsAway = false;
        var next = await engine.SubmitAsync(Requests.Plain with { Seed = 2 });
        await engine.Store.WaitAsync(next.Id, Cancellation).AsTask().WaitAsync(Patience, Cancellation);
        Assert.Single(await engine.HashesAsync(next.Id));
        Assert.Equal(JobState.Cancelled, (await engine.JobAsync(job.Id)).State);
        Assert.Equal(1, pictures.Stored);
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task After_ten_minutes_the_job_fails_and_says_why()
    {
        engine = new EngineHarness(artifacts: pictures, deliveries: new HurriedTime(200));
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain);
        var ended = (await engine.Store.WaitAsync(job.Id, Cancellation).AsTask().WaitAsync(Patience, Cancellation))!;
        Assert.Equal((JobState.Failed, JobFailureKind.StoreUnavailable), (ended.State, ended.Failure!.Kind));
        Assert.InRange(pictures.Faults, 10, 90); // every 7.5 to 15 seconds, and sooner at first
        await service.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_server_that_stops_gives_the_job_back_instead_of_waiting_for_the_store()
    {
        string folder = Directory.CreateTempSubdirectory("darkroom-stop-").FullName;
        engine = new EngineHarness(artifacts: pictures, store: _ => SqliteJobStore.Open(folder, TimeProvider.System));
        await using var service = engine.Service();
        await service.StartAsync(Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain);
        await UntilAsync(() => pictures.Faults > 0);
        engine.Lifetime.Stop();
        Assert.False(engine.Lifetime.Ended.IsCompleted);
        engine.Lifetime.Halt();
        await engine.Lifetime.Ended.WaitAsync(Patience, Cancellation);
        Assert.Equal(JobState.Queued, (await engine.JobAsync(job.Id)).State);
        Assert.Equal(0, pictures.Stored);
        await service.StopAsync(Cancellation);
        ((SqliteJobStore)engine.Store).Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int wait = 0; !condition(); wait++)
        {
            Assert.True(wait < 2000, "It did not come about in time.");
            await Task.Delay(10, Cancellation);
        }
    }
}

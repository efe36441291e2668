using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Commits: what each outcome means, and that every end is told once.</summary>
public abstract class CommitContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Outcomes_have_one_meaning_each()
    {
        var store = Open();
        Assert.IsType<CommitOutcome.UnknownJob>(await CommitAsync(store, "a", null, Cancel));
        Assert.IsType<CommitOutcome.UnknownJob>(await CommitAsync(store, "a", 1, Cancel));
        await AddAsync(store, "a");
        Assert.Equal(JobState.Queued, Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, Succeed)).Job.State);
        var first = (await ClaimAsync(store))[0];
        await AppliedAsync(store, "a", first.Attempt, Release);
        var second = (await ClaimAsync(store))[0];
        Assert.Equal(second.Attempt, Assert.IsType<CommitOutcome.ClaimLost>(await CommitAsync(store, "a", first.Attempt, Succeed)).Job.Attempt);
        var done = await AppliedAsync(store, "a", second.Attempt, Succeed);
        Assert.Equal((JobState.Succeeded, Noon), (done.State, done.FinishedAt));
        foreach (var command in new[] { Succeed, Fail, Cancel, Release })
            Assert.Equal(JobState.Succeeded, Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", second.Attempt, command)).Job.State);
    }

    [Fact]
    public async Task What_is_committed_is_what_is_found()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store))[0];
        Assert.Equal(job, await JobAsync(store, "a"));
        Clock.Move(TimeSpan.FromSeconds(2));
        var done = await AppliedAsync(store, "a", job.Attempt, Succeed);
        Same.Job(done, await JobAsync(store, "a"));
        Assert.Equal((job.Version + 1, Noon.AddSeconds(2)), (done.Version, done.FinishedAt));
        Same.Job(done, (await store.WaitAsync("a", Cancellation))!);
    }

    [Fact]
    public async Task Pictures_that_are_to_be_finished_early_are_told_to_who_holds_the_job_and_kept_for_later_attempts()
    {
        var store = Open();
        await AddAsync(store, "a", "b");
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, new JobCommand.FinishEarly(PictureSet.All))); // it does not run
        var held = await ClaimAsync(store, 2);
        JobClaim[] claims = [.. held.Select(job => new JobClaim(job.Id, job.Attempt))];
        Assert.Empty(store.EarlyFinishesOf(claims));
        await AppliedAsync(store, "a", null, new JobCommand.FinishEarly(PictureSet.Of(2)));
        var both = await AppliedAsync(store, "a", null, new JobCommand.FinishEarly(PictureSet.Of(0)));
        Assert.Equal(new PictureSet(5), both.FinishesEarly);
        Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, "a", null, new JobCommand.FinishEarly(PictureSet.Of(2))));
        Assert.Equal([new EarlyFinish("a", new(5))], store.EarlyFinishesOf(claims));
        await AppliedAsync(store, "a", held[0].Attempt, Release);
        Assert.Empty(store.EarlyFinishesOf(claims));
        var again = Assert.Single(await ClaimAsync(store));
        Assert.Equal(new PictureSet(5), again.FinishesEarly);
        Assert.Equal([new EarlyFinish("a", new(5))], store.EarlyFinishesOf([new JobClaim("a", again.Attempt)]));
        Assert.Equal(new PictureSet(5), (await JobAsync(store, "a")).FinishesEarly);
    }

    [Fact]
    public async Task Every_end_is_told_once_after_it_is_committed()
    {
        var store = Open();
        var finished = new List<string>();
        store.Finished += job =>
        {
            Assert.True(JobAsync(store, job.Id).GetAwaiter().GetResult().IsFinished);
            finished.Add(job.Id);
        };
        await AddAsync(store, "succeeded", "failed", "expired", "cancelled", "waits");
        foreach (var job in await ClaimAsync(store, 3))
        {
            JobCommand command = job.Id switch { "succeeded" => Succeed, "failed" => Fail, _ => new JobCommand.Expire() };
            await AppliedAsync(store, job.Id, job.Attempt, command);
            Assert.IsType<CommitOutcome.NotApplicable>(await CommitAsync(store, job.Id, null, Cancel));
        }
        await AppliedAsync(store, "cancelled", null, Cancel);
        Assert.Equal(["succeeded", "failed", "expired", "cancelled"], finished);
    }

    [Fact]
    public async Task Unknown_job_is_nowhere()
    {
        var store = Open();
        Assert.Null(await store.FindAsync("a", Cancellation));
        Assert.Null(await store.WaitAsync("a", Cancellation));
        Assert.Empty(await store.ClaimAsync(["a"], Here, Cancellation));
        Assert.Empty(await EventsAsync(store, "a"));
        await store.ReportAsync("a", 1, 1, null, Cancellation);
    }
}

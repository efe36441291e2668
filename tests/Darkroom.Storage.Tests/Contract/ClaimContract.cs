using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;

namespace Darkroom.Storage.Tests.Contract;

/// <summary>Claims: a job is one owner's at a time, until its lease runs out.</summary>
public abstract class ClaimContract<TStore> : StoreContract<TStore> where TStore : IStoreUnderTest, new()
{
    [Fact]
    public async Task Claim_holds_until_the_job_ends_is_released_or_is_claimed_again()
    {
        var store = Open();
        await AddAsync(store, "a", "b");
        var first = (await ClaimAsync(store))[0];
        Assert.True(await HoldsAsync(store, "a", first.Attempt));
        await AppliedAsync(store, "a", first.Attempt, Release);
        Assert.False(await HoldsAsync(store, "a", first.Attempt));
        var second = (await ClaimAsync(store))[0];
        Assert.False(await HoldsAsync(store, "a", first.Attempt));
        Assert.True(await HoldsAsync(store, "a", second.Attempt));
        await CommitAsync(store, "a", null, Cancel);
        Assert.False(await HoldsAsync(store, "a", second.Attempt));
        Assert.False(await HoldsAsync(store, "b", 1));
        Assert.False(await HoldsAsync(store, "unknown", 1));
    }

    [Fact]
    public async Task One_question_names_the_lost_claims_among_many()
    {
        var store = Open();
        await AddAsync(store, "a", "b", "c");
        JobClaim[] claims = [.. (await ClaimAsync(store, 3)).Select(job => new JobClaim(job.Id, job.Attempt))];
        Assert.Empty(await store.RenewAsync(claims, Here, Cancellation));
        await CommitAsync(store, "b", null, Cancel);
        Assert.Equal([claims[1]], await store.RenewAsync(claims, Here, Cancellation));
        Assert.Empty(await store.RenewAsync([], Here, Cancellation));
    }

    [Fact]
    public async Task Expired_lease_can_be_claimed_by_another_owner_and_the_old_attempt_is_refused()
    {
        var store = Open();
        await AddAsync(store, "a");
        var old = (await ClaimAsync(store, owner: Here))[0];
        Clock.Move(Here.Lease + TimeSpan.FromSeconds(1));
        var recovered = Assert.Single(await store.RecoverAsync(There, Job.DefaultMaxCrashes, Cancellation));
        Assert.Equal((JobState.Queued, 1), (recovered.State, recovered.LostClaims));

        // The old owner still runs: it is refused from the moment of the recovery on.
        Assert.False(await HoldsAsync(store, "a", old.Attempt, Here));
        Assert.IsType<CommitOutcome.ClaimLost>(await CommitAsync(store, "a", old.Attempt, Fail));
        var now = (await ClaimAsync(store, owner: There))[0];
        Assert.Equal(old.Attempt + 1, now.Attempt);
        foreach (var command in new[] { Succeed, Fail, Release })
            Assert.IsType<CommitOutcome.ClaimLost>(await CommitAsync(store, "a", old.Attempt, command));
        await store.ReportAsync("a", old.Attempt, 3, null, Cancellation);
        Assert.Equal(0, (await JobAsync(store, "a")).Progress.Step);
        Assert.Equal(JobState.Succeeded, (await AppliedAsync(store, "a", now.Attempt, Succeed)).State);
    }

    [Fact]
    public async Task Lease_that_is_renewed_in_time_is_not_recovered()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store, owner: Here))[0];
        for (int i = 0; i < 5; i++)
        {
            Clock.Move(Here.Lease * 0.8);
            Assert.True(await HoldsAsync(store, "a", job.Attempt, Here));
        }
        int taken = (await store.RecoverAsync(There, Job.DefaultMaxCrashes, Cancellation)).Count;
        Assert.Equal(IsExclusive ? (1, JobState.Queued) : (0, JobState.Running), (taken, (await JobAsync(store, "a")).State));
    }

    [Fact]
    public async Task Jobs_of_a_process_that_died_go_back_to_their_places_for_the_next_one()
    {
        var store = Open();
        await AddAsync(store, "first", "second", "third");
        var held = await ClaimAsync(store, 2, Here);
        await store.ReportAsync("first", held[0].Attempt, 3, null, Cancellation);
        Clock.Move(2 * Here.Lease);

        store = Reopen(store);
        Assert.Equal(["first", "second"], (await store.RecoverAsync(There, Job.DefaultMaxCrashes, Cancellation)).Select(job => job.Id).Order());
        Assert.Empty(await store.RecoverAsync(There, Job.DefaultMaxCrashes, Cancellation));
        var again = await ClaimAsync(store, 9, There);
        Assert.Equal([("first", 2, 1), ("second", 2, 1), ("third", 1, 0)], again.Select(job => (job.Id, job.Attempt, job.LostClaims)));
        Assert.Equal(0, again[0].Progress.Step);
        Assert.Equal(held[0].StartedAt, again[0].StartedAt);
    }

    [Fact]
    public async Task Nobody_takes_back_from_himself()
    {
        var store = Open();
        await AddAsync(store, "a");
        var job = (await ClaimAsync(store, owner: Here))[0];
        Clock.Move(10 * Here.Lease); // the process slept; nobody else was there
        Assert.Empty(await store.RecoverAsync(Here, Job.DefaultMaxCrashes, Cancellation));
        Assert.True(await HoldsAsync(store, "a", job.Attempt, Here));
    }

    [Fact]
    public async Task Job_that_kills_its_workers_fails_in_the_end_and_is_told_as_finished()
    {
        var store = Open();
        var finished = new List<Job>();
        store.Finished += finished.Add;
        await AddAsync(store, "a");
        for (int death = 0; death < 3; death++)
        {
            Assert.Equal(JobState.Queued, (await JobAsync(store, "a")).State);
            Assert.Single(await ClaimAsync(store, owner: new JobOwner($"{death}", Here.Lease)));
            Clock.Move(2 * Here.Lease);
            Assert.Single(await store.RecoverAsync(There, maxCrashes: 3, Cancellation));
        }
        var failed = await JobAsync(store, "a");
        Assert.Equal((JobState.Failed, JobFailureKind.WorkerCrashed, 3), (failed.State, failed.Failure!.Kind, failed.LostClaims));
        Assert.Equal("a", Assert.Single(finished).Id);
        Assert.Equal(JobEventKind.Failed, (await EventsAsync(store, "a"))[^1].Kind);
    }

    [Fact]
    public async Task Owner_that_leaves_gives_its_jobs_back_or_ends_them_with_the_store()
    {
        var store = Open();
        var finished = new List<Job>();
        store.Finished += finished.Add;
        await AddAsync(store, "running", "waiting");
        var running = (await ClaimAsync(store, owner: Here))[0];
        await store.LeaveAsync(Here, Cancellation);
        Assert.False(await HoldsAsync(store, "running", running.Attempt, Here));
        var after = await JobAsync(store, "running");
        if (OutlivesProcess)
        {
            Assert.Equal((JobState.Queued, 0), (after.State, after.LostClaims));
            Assert.Equal(["running", "waiting"], (await ClaimAsync(store, 9, There)).Select(job => job.Id));
            Assert.Empty(finished);
            return;
        }
        Assert.Equal((JobState.Failed, JobFailureKind.ShuttingDown), (after.State, after.Failure!.Kind));
        Assert.Equal(JobState.Failed, (await JobAsync(store, "waiting")).State);
        Assert.Equal(["running", "waiting"], finished.Select(job => job.Id).Order());
        Assert.IsType<AddOutcome.Closed>(await TryAddAsync(store, New("late"))); // nobody would ever run it
    }
}

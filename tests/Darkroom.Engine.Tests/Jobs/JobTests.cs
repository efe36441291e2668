using Darkroom.Diffusion.Guidance;
using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Jobs;

public sealed class JobTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly JobResult Result = new([], [], new JobTimings(0, 0, 0, 0, 0, 4, 1), "hash");
    private static readonly JobFailure Failure = new(JobFailureKind.NonFinite, "not finite");

    private static readonly JobCommand[] Commands =
    [
        new JobCommand.Claim(), Advance(2), new JobCommand.Succeed(Result), new JobCommand.Fail(Failure),
        new JobCommand.Cancel(), new JobCommand.Expire(), new JobCommand.Release(), new JobCommand.Recover(),
        new JobCommand.Prioritise(JobPriority.High),
    ];

    [Theory]
    [InlineData(JobState.Queued, "Claim,Fail,Cancel,Expire,Prioritise")]
    [InlineData(JobState.Running, "Advance,Succeed,Fail,Cancel,Expire,Release,Recover")]
    [InlineData(JobState.Succeeded, "")]
    [InlineData(JobState.Failed, "")]
    [InlineData(JobState.Cancelled, "")]
    [InlineData(JobState.Expired, "")]
    public void Only_commands_with_a_meaning_in_a_state_are_taken(JobState state, string taken)
    {
        var job = Admitted() with { State = state };
        Assert.Equal(taken.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Commands.Where(one => job.Apply(one, Noon) is not null).Select(one => one.GetType().Name));
    }

    [Fact]
    public void Every_change_moves_the_version_and_carries_one_event_of_it()
    {
        var job = Admitted();
        foreach (var command in new JobCommand[] { new JobCommand.Claim(), Advance(1), Advance(3), new JobCommand.Succeed(Result) })
        {
            var next = job.Apply(command, Noon)!;
            Assert.Equal(job.Version + 1, next.Job.Version);
            Assert.Equal(next.Job.Version, Assert.Single(next.Events).Version);
            job = next.Job;
        }
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(1, job.Progress.Share);
        Assert.Same(Result, job.Result);
    }

    [Fact]
    public void Progress_never_goes_back()
    {
        var running = Admitted().Apply(new JobCommand.Claim(), Noon)!.Job.Apply(Advance(3), Noon)!.Job;
        Assert.Null(running.Apply(Advance(3), Noon));
        Assert.Null(running.Apply(Advance(2), Noon));
    }

    [Fact]
    public void Released_job_starts_over_with_the_next_attempt_and_keeps_when_it_first_started()
    {
        var first = Admitted().Apply(new JobCommand.Claim(), Noon)!.Job.Apply(Advance(3), Noon)!.Job;
        var again = first.Apply(new JobCommand.Release(), Noon)!.Job.Apply(new JobCommand.Claim(), Noon.AddMinutes(1))!.Job;
        Assert.Equal(2, again.Attempt);
        Assert.Equal(0, again.Progress.Step);
        Assert.Equal(Noon, again.StartedAt);
    }

    [Fact]
    public void Request_survives_serialisation()
    {
        var request = Requests.Plain with { GuidanceInterval = new GuidanceInterval(0.1, 0.8), Eta = 0.5, Deadline = 3, Schedule = "karras" };
        string json = System.Text.Json.JsonSerializer.Serialize(request);
        Assert.Equal(request, System.Text.Json.JsonSerializer.Deserialize<GenerationRequest>(json));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Job_whose_worker_dies_runs_again_alone_and_fails_at_the_last_death_it_may_have(int maxCrashes)
    {
        var job = Admitted();
        Assert.False(job.RunsAlone);
        for (int death = 1; death < maxCrashes; death++)
        {
            job = job.Apply(new JobCommand.Claim(), Noon)!.Job.Apply(new JobCommand.Release(), Noon)!.Job; // given back: no death
            job = job.Apply(new JobCommand.Claim(), Noon)!.Job.Apply(new JobCommand.Recover(maxCrashes), Noon)!.Job;
            Assert.Equal((JobState.Queued, death, 2 * death, true), (job.State, job.LostClaims, job.Attempt, job.RunsAlone));
        }
        var failed = job.Apply(new JobCommand.Claim(), Noon)!.Job.Apply(new JobCommand.Recover(maxCrashes), Noon)!;
        Assert.Equal((JobState.Failed, JobFailureKind.WorkerCrashed), (failed.Job.State, failed.Job.Failure!.Kind));
        Assert.Equal(JobEventKind.Failed, Assert.Single(failed.Events).Kind);
    }

    [Fact]
    public void Waiting_job_of_another_priority_is_a_new_version_and_no_event()
    {
        var urgent = Admitted().Apply(new JobCommand.Prioritise(JobPriority.High), Noon)!;
        Assert.Equal((JobPriority.High, 2L, 0), (urgent.Job.Request.Priority, urgent.Job.Version, urgent.Events.Length));
    }

    private static JobCommand.Advance Advance(int step) => new(new JobProgress(step, 4));

    private static Job Admitted() => Job.Admit("0123", Requests.Plain, [], Noon).Job;
}

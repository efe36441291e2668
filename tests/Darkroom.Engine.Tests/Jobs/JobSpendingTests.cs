using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Jobs;

/// <summary>What a job took is told in all by each attempt: twice is once.</summary>
public sealed class JobSpendingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 23, 59, 0, TimeSpan.Zero);

    [Fact]
    public void An_attempt_that_tells_more_replaces_what_it_told_and_a_later_one_adds()
    {
        var spending = JobSpending.None.With(1, new(1, 2, null), Now)!;
        Assert.Null(spending.With(1, new(1, 2, null), Now));
        spending = spending.With(1, new(3, 4, 5), Now)!.With(3, new(1, 1, null), Now)!;
        Assert.Equal(new JobUsage(4, 5, 5), spending.Total);
        Assert.Null(spending.With(2, new(9, 9, 9), Now));
    }

    [Fact]
    public void Usage_of_a_job_that_goes_on_counts_on_the_day_on_which_it_is_told_and_no_job_with_it()
    {
        var job = Job.Admit("a", Requests.Plain with { Caller = "key:x" }, [], Now).Job.Apply(new JobCommand.Claim(), Now)!.Job;
        var told = job.Apply(new JobCommand.Release(new(1, 2, 3)), Now.AddMinutes(1))!.Job;
        Assert.Equal(new UsageEntry(new(2026, 11, 25), "key:x", new() { DeviceSeconds = 1, ProcessorSeconds = 2, Joules = 3 }), UsageEntry.Of(job, told));
        Assert.Null(UsageEntry.Of(told, told with { Version = 9 }));
        Assert.Null(job.Apply(new JobCommand.Spend(2, new(1, 1, 1)), Now)); // an attempt that never was
        var spent = job.Apply(new JobCommand.Spend(1, new(1, 1, 1)), Now)!;
        Assert.Equal((JobState.Running, job.Version + 1), (spent.Job.State, spent.Job.Version));
        Assert.Empty(spent.Events);
    }
}

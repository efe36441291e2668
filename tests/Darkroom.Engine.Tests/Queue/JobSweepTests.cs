using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Execution;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Engine.Tests.Queue;

/// <summary>Finished jobs go when they are old, each caller's by his own time.</summary>
public sealed class JobSweepTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Caller_with_a_time_of_his_own_keeps_his_jobs_longer_or_shorter_than_others()
    {
        using var engine = new EngineHarness();
        var ids = new Dictionary<string, string>();
        foreach (string caller in new[] { "key:brief", "key:long", "key:other" })
        {
            var job = await engine.SubmitAsync(Requests.Plain with { Caller = caller });
            ids[caller] = job.Id;
            await engine.Store.CommitAsync(job.Id, null, new JobCommand.Cancel(), Cancellation);
        }
        var own = new Own(new Dictionary<string, TimeSpan> { ["key:brief"] = TimeSpan.FromHours(1), ["key:long"] = TimeSpan.FromDays(7) });
        var sweep = new JobSweep(engine.Store, engine.Pictures, TimeSpan.FromDays(1), engine.Clock, NullLogger<JobSweep>.Instance, own);
        Assert.Equal(0, await sweep.SweepAsync(Cancellation));
        foreach (var (moved, gone) in new[] { (TimeSpan.FromHours(2), "key:brief"), (TimeSpan.FromDays(2), "key:other"), (TimeSpan.FromDays(6), "key:long") })
        {
            engine.Clock.Move(moved);
            Assert.Equal(1, await sweep.SweepAsync(Cancellation));
            Assert.Null(await engine.Store.FindAsync(ids[gone], Cancellation));
        }
    }

    private sealed class Own(IReadOnlyDictionary<string, TimeSpan> times) : IRetention
    {
        public ValueTask<IReadOnlyDictionary<string, TimeSpan>> OwnAsync(CancellationToken cancellation) => new(times);
    }
}

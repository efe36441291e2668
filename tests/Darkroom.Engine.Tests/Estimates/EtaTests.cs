using Darkroom.Engine.Estimates;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Tests.Execution;

namespace Darkroom.Engine.Tests.Estimates;

public sealed class EtaTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Running_job_goes_on_at_its_own_pace_from_its_first_step()
    {
        // The first step came after a load of a minute, which says nothing of the others.
        var progress = new JobProgress(0, 20).At(1, 20, Noon.AddSeconds(60), 1).At(5, 20, Noon.AddSeconds(68), 1);
        Assert.Equal(2, progress.Pace!.Value.SecondsPerStep);
        Assert.Equal(30, Eta.Running(progress, recent: 99, Noon.AddSeconds(68)));
        Assert.Equal(29.5, Eta.Running(progress, recent: null, Noon.AddSeconds(68.5)));
        Assert.Equal(0, Eta.Running(progress, recent: null, Noon.AddSeconds(600)));
    }

    [Fact]
    public void Before_two_steps_were_seen_jobs_like_it_speak_and_else_nobody()
    {
        var fresh = new JobProgress(0, 10);
        Assert.Null(Eta.Running(fresh, recent: null, Noon));
        Assert.Equal(5, Eta.Running(fresh, recent: 0.5, Noon));
        Assert.Equal(4.25, Eta.Running(fresh.At(1, 10, Noon, 1), recent: 0.5, Noon.AddSeconds(0.25)));
    }

    [Fact]
    public void Nobody_can_say_when_a_job_is_done_of_which_nobody_knows_how_much_it_is()
    {
        Assert.Null(Eta.Running(new JobProgress(0, 0), recent: 0.5, Noon));
        Assert.Null(Eta.Waiting(new JobProgress(0, 0), new QueueAhead(0, 0), 8, recent: 0.5));
        // An upscaler was loaded: its tiles are known with the first of them.
        var begun = new JobProgress(0, 0).At(1, 9, Noon, 1);
        Assert.Equal(4, Eta.Running(begun, recent: 0.5, Noon));
        Assert.Equal(14, Eta.Running(begun.At(2, 9, Noon.AddSeconds(2), 1), recent: 0.5, Noon.AddSeconds(2)));
    }

    [Fact]
    public void Pictures_that_share_calls_are_measured_by_whole_rounds()
    {
        var progress = new JobProgress(0, 40);
        foreach (int second in new[] { 10, 12, 14 })
            for (int picture = 1; picture <= 4; picture++)
            {
                progress = progress.At(progress.Step + 1, 40, Noon.AddSeconds(second).AddMilliseconds(picture), 4);
                double? eta = Eta.Running(progress, recent: null, Noon.AddSeconds(second).AddMilliseconds(picture));
                if (progress.Step < 8) Assert.Null(eta);
                else Assert.Equal((40 - progress.Step) / 4.0 * 2, eta!.Value, 2.1);
            }
        Assert.Equal(0.5, progress.Pace!.Value.SecondsPerStep!.Value, 1e-9);
    }

    [Fact]
    public void Waiting_job_comes_after_those_before_it_which_share_calls()
    {
        var progress = new JobProgress(0, 20);
        Assert.Equal(10, Eta.Waiting(progress, new QueueAhead(0, 0), 8, recent: 0.5));
        Assert.Equal(20, Eta.Waiting(progress, new QueueAhead(8, 160), 8, recent: 0.5));
        Assert.Null(Eta.Waiting(progress, new QueueAhead(8, 160), 8, recent: null));
    }

    [Fact]
    public void Only_jobs_of_the_same_model_size_lanes_and_count_are_like_it()
    {
        Job Finished(GenerationRequest request, double secondsPerStep)
        {
            var job = Job.Admit("a", request, [], Noon).Job;
            job = job.Apply(new JobCommand.Claim(), Noon)!.Job;
            foreach (var (step, at) in new[] { (1, 1.0), (3, 1 + 2 * secondsPerStep) })
                job = job.Apply(new JobCommand.Advance(job.Progress.At(step, null, Noon.AddSeconds(at), request.Count)), Noon.AddSeconds(at))!.Job;
            return job.Apply(new JobCommand.Succeed(new([], [], new(0, 0, 0, 0, 0, 4, 1), "")), Noon.AddSeconds(90))!.Job;
        }

        var like = Requests.Plain;
        Assert.Equal(3, Eta.Recent(
            [Finished(like, 2), Finished(like with { Seed = 7, Steps = 9 }, 4), Finished(like with { Width = 40 }, 50),
                Finished(like with { Model = "other" }, 50),
                Finished(like with { GuidanceScale = 1 }, 50), Finished(like with { Count = 2 }, 50)], like));
        Assert.Null(Eta.Recent([], like));
    }

    [Fact]
    public async Task Queue_tells_places_and_times_from_what_it_measured()
    {
        using var engine = new EngineHarness(new ScriptedModel { IsTimedByHand = true }, new EngineOptions { MaxBatch = 1 });
        engine.Model.Before = _ => engine.Clock.Move(TimeSpan.FromSeconds(2));
        var cancellation = TestContext.Current.CancellationToken;
        var first = await engine.SubmitAsync(Requests.Plain);
        Assert.Equal(new JobOutlook(0, null), await engine.Queue.OutlookAsync(first, cancellation));
        await engine.RunAsync();
        Assert.Equal(default, await engine.Queue.OutlookAsync(await engine.JobAsync(first.Id), cancellation));

        var second = await engine.SubmitAsync(Requests.Plain);
        var third = await engine.SubmitAsync(Requests.Plain);
        Assert.Equal(new JobOutlook(0, 8), await engine.Queue.OutlookAsync(second, cancellation));
        Assert.Equal(new JobOutlook(1, 16), await engine.Queue.OutlookAsync(third, cancellation));
        while ((await engine.JobAsync(second.Id)).Progress.Step < 3) await engine.TickAsync();
        Assert.Equal(new JobOutlook(null, 2), await engine.Queue.OutlookAsync(await engine.JobAsync(second.Id), cancellation));
        Assert.Equal(new JobOutlook(0, 8), await engine.Queue.OutlookAsync(third, cancellation));
    }
}

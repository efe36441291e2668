using Darkroom.Diffusion.Guidance;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;
using Darkroom.Models.Sessions;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>Random traffic over the whole engine: arrivals, cancels and failures in any order, on one device or two, of one thread or two.</summary>
public sealed class TrafficTests
{
    private static readonly Dictionary<int, string[]> Alone = [];

    [Property(MaxTest = 60)]
    public Property Every_job_ends_and_every_picture_is_the_one_it_would_have_been_alone() => Prop.ForAll(Arb.From(Traffic()), traffic =>
    {
        var model = new ScriptedModel { IsSmall = traffic.Threads > 1 };
        int calls = 0;
        model.Before = rows =>
        {
            int call = Interlocked.Increment(ref calls);
            if (traffic.Faults.TryGetValue(call, out var fault)) throw ScriptedModel.Refusal(fault);
            foreach (var row in rows.Span)
                if (row.Conditioning.Tensors[0].Values[0] > 0.5f) throw ScriptedModel.Refusal();
        };
        using var engine = new EngineHarness(model, new EngineOptions { MaxBatch = traffic.MaxBatch, Target = traffic.Target }, traffic.Devices,
            traffic.Threads);
        Play(engine, traffic).GetAwaiter().GetResult();
        return true;
    });

    private static async Task Play(EngineHarness engine, TrafficPlan traffic)
    {
        var jobs = new List<(int Kind, Job Job, bool Cancelled)>();
        foreach (var (kind, ticks, cancel) in traffic.Arrivals)
        {
            jobs.Add((kind, await engine.SubmitAsync(RequestOf(kind)), cancel is not null));
            for (int i = 0; i < ticks; i++) await engine.TickAsync();
            if (cancel is { } which) await engine.Queue.CancelAsync(jobs[which % jobs.Count].Job.Id, TestContext.Current.CancellationToken);
        }
        await engine.RunAsync();

        Assert.Empty(engine.Active.Rows);
        int evaluations = 0;
        foreach (var (kind, job, _) in jobs)
        {
            var ended = await engine.JobAsync(job.Id);
            Assert.True(ended.IsFinished, $"{ended.State}");
            if (ended.State == JobState.Cancelled && traffic.Arrivals.Exists(one => one.Cancel is not null)) continue;
            if (kind == Guilty)
            {
                // what came on top is its bad luck
                Assert.True(ended.Failure!.Kind == JobFailureKind.GraphMismatch || traffic.Faults.Count > 0, $"{ended.Failure}");
                continue;
            }
            Assert.True(ended.State == JobState.Succeeded, $"{ended.State} {ended.Failure}");
            Assert.Equal(await AloneAsync(kind), ended.Result!.Images.Select(image => image.Sha256));
            evaluations += EvaluationsOf(RequestOf(kind));
        }
        // No row is run twice for a step: where nothing failed and nobody left, the calls add up to what the jobs need.
        if (traffic.Faults.Count == 0 && !jobs.Exists(one => one.Kind == Guilty || one.Cancelled))
            Assert.Equal(evaluations, engine.Model.Calls.Sum());
    }

    private const int Guilty = 7;

    private static GenerationRequest RequestOf(int kind) => Requests.Plain with
    {
        Seed = 10 + kind,
        Steps = 1 + kind % 5,
        Count = kind == 3 ? 3 : 1,
        GuidanceScale = kind % 3 == 0 ? 1 : 3,
        GuidanceInterval = kind == 4 ? new GuidanceInterval(0.2, 0.7) : GuidanceInterval.Whole,
        Width = kind % 2 == 0 ? 32 : 40,
        Caller = kind % 2 == 0 ? "a" : "b",
        Priority = (JobPriority)(kind % 3),
        Prompt = kind == Guilty ? new string('x', 60) : $"p{kind}",
    };

    private static int EvaluationsOf(GenerationRequest request) => request.Count * Enumerable.Range(0, request.Steps)
        .Sum(step => request.IsGuided && request.GuidanceInterval.Guides(step, request.Steps) ? 2 : 1);

    private static async Task<string[]> AloneAsync(int kind)
    {
        if (Alone.TryGetValue(kind, out var known)) return known;
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(RequestOf(kind));
        await engine.RunAsync();
        return Alone[kind] = await engine.HashesAsync(job.Id);
    }

    private static Gen<TrafficPlan> Traffic() =>
        from devices in Gen.Choose(1, 2)
        from threads in Gen.Choose(1, 2)
        from maxBatch in Gen.Choose(1, 5)
        from target in Gen.Elements(Enum.GetValues<SchedulingTarget>())
        from arrivals in Gen.ListOf(
            from kind in Gen.Frequency((12, Gen.Choose(0, 6)), (1, Gen.Constant(Guilty)))
            from ticks in Gen.Choose(0, 4)
            from cancel in Gen.Frequency((5, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 20).Select(value => (int?)value)))
            select (kind, ticks, cancel))
        from faults in Gen.Frequency((2, Gen.Constant(Array.Empty<(int, GraphFault)>())), (1, Gen.ArrayOf(
            from call in Gen.Choose(1, 30)
            from fault in Gen.Elements(GraphFault.Dead, GraphFault.OutOfMemory)
            select (call, fault), 1)))
        select new TrafficPlan(devices, threads, maxBatch, target, [.. arrivals], faults.ToDictionary(one => one.Item1, one => one.Item2));

    private sealed record TrafficPlan(
        int Devices, int Threads, int MaxBatch, SchedulingTarget Target, List<(int Kind, int Ticks, int? Cancel)> Arrivals, Dictionary<int, GraphFault> Faults);
}

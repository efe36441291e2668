using Darkroom.Engine.Jobs;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Stages;
using Darkroom.Models.Residency;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>Whatever a row's own code throws, anywhere in a tick, ends its own job: its neighbours get the pictures that they get alone.</summary>
public sealed class FaultyStageTests
{
    public static TheoryData<string> Hooks => [.. FaultyStage.Hooks, "program"];

    [Theory]
    [MemberData(nameof(Hooks))]
    public async Task Stage_that_throws_fails_its_own_job_alone(string hook)
    {
        using var engine = new EngineHarness(programs: (memory, sources, device) => Programs(hook, memory, sources, device));
        var before = await engine.SubmitAsync(Requests.Plain with { Seed = 1, Steps = 6 });
        await engine.TickAsync();
        await engine.TickAsync();
        var faulty = await engine.SubmitAsync(Requests.Plain with { Prompt = "faulty", PreviewEvery = 1 });
        var after = await engine.SubmitAsync(Requests.Plain with { Seed = 2, Steps = 6 });
        await engine.RunAsync();

        var ended = await engine.JobAsync(faulty.Id);
        Assert.Equal((JobState.Failed, JobFailureKind.Internal), (ended.State, ended.Failure?.Kind));
        Assert.Equal(await AloneAsync(1), await engine.HashesAsync(before.Id));
        Assert.Equal(await AloneAsync(2), await engine.HashesAsync(after.Id));
        Assert.Empty(engine.Active.Jobs);
    }

    private static RowProgram Programs(string hook, RowMemory memory, IRowSources sources, int device)
    {
        var program = RowProgram.Of(memory, sources, device);
        if (memory.Request.Prompt != "faulty") return program;
        if (hook == "program") throw new InvalidOperationException("program");
        return program with { Stages = With(program.Stages, new FaultyStage(memory, hook)) };
    }

    private static IEnumerable<Stage> With(IEnumerable<Stage> stages, FaultyStage faulty)
    {
        foreach (var stage in stages)
        {
            if (stage is Denoise) yield return faulty;
            yield return stage;
        }
    }

    private static async Task<string[]> AloneAsync(int seed)
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Requests.Plain with { Seed = seed, Steps = 6 });
        await engine.RunAsync();
        return await engine.HashesAsync(job.Id);
    }

    /// <summary>A stage of one evaluation that throws in one of its members.</summary>
    private sealed class FaultyStage(RowMemory row, string hook) : Stage
    {
        public static readonly string[] Hooks =
        [
            nameof(Begin), "wait", nameof(FailureOf), nameof(Start), nameof(IsDone), nameof(Kind), nameof(Part), nameof(Want), "nothing wanted",
            nameof(BytesOf),
            nameof(Run), nameof(Take), nameof(CallsLeft), nameof(Denoised),
        ];

        private bool taken;

        public override NetworkKind? Kind => At(nameof(Kind), Stages.Denoise.Network);

        public override IModelPart? Part => At(nameof(Part), row.Model.Denoiser);

        public override bool IsDone => At(nameof(IsDone), taken);

        public override ReadOnlySpan<float> Denoised => At(nameof(Denoised), row.Latents);

        public override Task? Begin(Background background)
        {
            row.StepsDone = 1; // a preview is due
            return hook is "wait" or nameof(FailureOf) ? background(() => throw new InvalidOperationException(hook)) : At<Task?>(nameof(Begin), null);
        }

        public override JobFailure FailureOf(Exception reason) => At(nameof(FailureOf), base.FailureOf(reason));

        public override JobFailure? Start() => At<JobFailure?>(nameof(Start), null);

        public override void Want(List<Evaluation> wanted)
        {
            if (hook != "nothing wanted")
                wanted.Add(new Evaluation(row.Number, 0, new(row.Request.Model, At(nameof(Want), Stages.Denoise.Network), row.Shape, "faulty", 1)));
        }

        public override StepResult Run(Batch batch, IStageTable stages) => At(nameof(Run), StepResult.Passed);

        public override void Take() => taken = At(nameof(Take), true);

        public override double CallsLeft(double estimated) => At(nameof(CallsLeft), estimated);

        public override long BytesOf(int evaluations) => At(nameof(BytesOf), 1L);

        private T At<T>(string member, T value) => member == hook ? throw new InvalidOperationException(hook) : value;
    }
}

using System.Text.Json;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Server.Tests.Generation;

/// <summary>The core as any surface uses it: orders in, runs and outcomes out, with no HTTP near.</summary>
public sealed class GeneratorTests
{
    private readonly ScriptedQueue queue = new(new MemoryArtifactStore(new RandomIds(), 64 << 20));
    private readonly ScriptedInputs inputs = new();
    private readonly Drain drain;
    private readonly Generator generator;

    public GeneratorTests()
    {
        var services = new ServiceCollection().AddSingleton<IGenerationQueue>(queue).BuildServiceProvider();
        drain = new(services, TimeSpan.FromSeconds(10), TimeProvider.System, NullLogger<Drain>.Instance);
        generator = new(
            new GenerationValidation(
                new ScriptedModels(), new ScriptedUpscalers(), new ScriptedLoras(), new ScriptedEmbeddings(), new FixedSeeds(),
                new RequestLimits(), new WebhookRules(null)),
            new UpscaleValidation(new ScriptedUpscalers(), new RequestLimits(), new WebhookRules(null)),
            new LookValidation(new ScriptedModels(), new FixedSeeds(), new RequestLimits(), new WebhookRules(null)),
            new PictureIntake(inputs, new DecodedPictures(), new DecodeMemory(1 << 20)), queue, drain, TimeProvider.System);
    }

    [Fact]
    public async Task An_order_becomes_a_job_with_its_caller_and_its_pictures()
    {
        using var run = await StartAsync(Waiting.UntilFinished);
        var done = Assert.IsType<Outcome.Succeeded>(await run.WaitAsync(default));
        Assert.Equal(("a fox", "someone"), (done.Job.Request.Prompt, done.Job.Request.Caller));
        Assert.Single(done.Result.Images);
    }

    [Fact]
    public void What_the_surface_found_wrong_is_told_with_the_rest()
    {
        var order = Order("""{"prompt":"","steps":0}""");
        order.Faults.Add(new Fault("size", "size must be WIDTHxHEIGHT."));
        var failure = generator.Validate(order).Failure!;
        Assert.Equal((FailureKind.InvalidRequest, "2 things about this request are wrong."), (failure.Kind, failure.Detail));
        Assert.Equal(["steps", "size"], failure.Faults!.Select(fault => fault.Field));
        Assert.Empty(queue.Asked);
    }

    [Fact]
    public async Task A_caller_who_does_not_wait_is_told_that_the_job_goes_on_though_it_may_be_finished()
    {
        using var run = await StartAsync(Waiting.None);
        Assert.Equal(JobState.Succeeded, Assert.IsType<Outcome.Pending>(await run.WaitAsync(default)).Job.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Patience_that_ends_leaves_the_job_running(bool cancelsOnLeave)
    {
        queue.Gate = new();
        using var run = await StartAsync(Waiting.AtMost(TimeSpan.FromMilliseconds(20), cancelsOnLeave));
        Assert.Equal(JobState.Running, Assert.IsType<Outcome.Pending>(await run.WaitAsync(default)).Job.State);
        Assert.Empty(queue.Cancelled);
    }

    [Theory]
    [InlineData(true, JobState.Cancelled)]
    [InlineData(false, JobState.Running)]
    public async Task A_caller_who_leaves_cancels_the_job_unless_it_is_to_go_on(bool cancelsOnLeave, JobState state)
    {
        queue.Gate = new();
        using var leaving = new CancellationTokenSource();
        using var run = await StartAsync(Waiting.AtMost(TimeSpan.FromMinutes(1), cancelsOnLeave));
        var outcome = run.WaitAsync(leaving.Token);
        await leaving.CancelAsync();
        var left = Assert.IsType<Outcome.Left>(await outcome);
        Assert.Equal(state, (await queue.FindAsync(left.Job.Id, default))!.State);
    }

    [Fact]
    public async Task A_job_that_fails_is_a_failure_of_its_kind()
    {
        queue.Failure = new(JobFailureKind.OutOfMemory, "No room.");
        using var run = await StartAsync(Waiting.UntilFinished);
        var failed = Assert.IsType<Outcome.Failed>(await run.WaitAsync(default));
        Assert.Equal((FailureKind.NotEnoughMemory, "No room.", run.Job.Id), (failed.Failure.Kind, failed.Failure.Detail, failed.Failure.JobId));
    }

    [Fact]
    public async Task What_is_not_admitted_keeps_no_picture()
    {
        queue.Refusal = new Admission.QueueFull(7, TimeSpan.FromSeconds(2.5));
        var picture = TestPictures.Base64(64, 64);
        var order = Valid($$"""{"prompt":"","image":"{{picture}}"}""", TaskSheet.Img2Img);
        var (run, failure) = await generator.StartAsync(order, "", SubmitTerms.None, Waiting.UntilFinished, default);
        Assert.Null(run);
        Assert.Equal((FailureKind.QueueFull, TimeSpan.FromSeconds(2.5)), (failure!.Kind, failure.RetryAfter));
        Assert.Empty(inputs.Held);
    }

    [Fact]
    public async Task The_server_does_not_stop_before_a_run_is_answered_nor_before_a_job_that_goes_on()
    {
        queue.Gate = new();
        var waited = await StartAsync(Waiting.UntilFinished);
        var alone = await StartAsync(Waiting.None);
        await alone.WaitAsync(default);
        alone.Dispose();
        var stopping = drain.StoppingAsync(default);
        Assert.Equal(FailureKind.ShuttingDown, (await generator.StartAsync(Valid(), "", SubmitTerms.None, Waiting.UntilFinished, default)).Failure!.Kind);
        queue.Gate.SetResult();
        Assert.IsType<Outcome.Succeeded>(await waited.WaitAsync(default));
        await queue.WaitAsync(alone.Job.Id, default);
        Assert.False(stopping.IsCompleted);
        waited.Dispose();
        await stopping.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(queue.Cancelled);
    }

    private async Task<GenerationRun> StartAsync(Waiting waiting)
    {
        var (run, failure) = await generator.StartAsync(Valid(), "someone", SubmitTerms.None, waiting, default);
        Assert.Null(failure);
        return run!;
    }

    private ValidOrder Valid(string fields = """{"prompt":"a fox"}""", TaskSheet? sheet = null) => generator.Validate(Order(fields, sheet)).Order!;

    private static GenerationOrder Order(string fields, TaskSheet? sheet = null) =>
        GenerationOrder.Read(sheet ?? TaskSheet.Txt2Img, new RequestBody(JsonDocument.Parse(fields), []));
}

using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;

namespace Darkroom.Engine.Tests.Queue;

/// <summary>What a caller brings along: a key, and limits of its own.</summary>
public sealed class SubmitTermsTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly SubmitTerms Keyed = new() { Key = new IdempotencyKey("key", "body") };

    [Fact]
    public async Task Replay_gives_the_first_job_and_lets_the_pictures_go_that_came_again()
    {
        using var engine = new EngineHarness();
        var first = Assert.IsType<Admission.Accepted>(await engine.Queue.SubmitAsync(await RequestAsync(engine), [], Keyed, Cancellation)).Job;
        var again = await RequestAsync(engine);
        Assert.Equal(first, Assert.IsType<Admission.Replayed>(await engine.Queue.SubmitAsync(again, [], Keyed, Cancellation)).Job);
        Assert.Null(await engine.Inputs.FindAsync(again.Edit!.Picture.InputId, Cancellation));
        Assert.NotNull(await engine.Inputs.FindAsync(first.Request.Edit!.Picture.InputId, Cancellation));
    }

    [Fact]
    public async Task Key_for_another_body_is_refused()
    {
        using var engine = new EngineHarness();
        await engine.Queue.SubmitAsync(Requests.Plain, [], Keyed, Cancellation);
        Assert.IsType<Admission.KeyReused>(await engine.Queue.SubmitAsync(
            Requests.Plain, [], new SubmitTerms { Key = new IdempotencyKey("key", "other") }, Cancellation));
    }

    [Fact]
    public async Task Limits_are_the_callers_and_the_queues()
    {
        double cost = JobCost.MegapixelSteps(Requests.Plain);
        using var engine = new EngineHarness(options: new EngineOptions { MaxQueuedCost = 2.5 * cost });
        await engine.Queue.SubmitAsync(Requests.Plain, [], Cancellation);
        var own = Assert.IsType<Admission.CallerFull>(await engine.Queue.SubmitAsync(Requests.Plain, [], new SubmitTerms { MaxQueued = 1 }, Cancellation));
        Assert.Equal((1, QueueLimit.Jobs), (own.Limit, own.Measure));
        var cap = await engine.Queue.SubmitAsync(Requests.Plain, [], new SubmitTerms { MaxCost = cost }, Cancellation);
        Assert.Equal(QueueLimit.MegapixelSteps, Assert.IsType<Admission.CallerFull>(cap).Measure);
        await engine.Queue.SubmitAsync(Requests.Plain, [], Cancellation);
        Assert.Equal(QueueLimit.MegapixelSteps, Assert.IsType<Admission.QueueFull>(await engine.Queue.SubmitAsync(Requests.Plain, [], Cancellation)).Measure);
    }

    private static async Task<GenerationRequest> RequestAsync(EngineHarness engine)
    {
        var added = await engine.Inputs.AddAsync(PictureEncoder.Encode(Picture.Blank(64, 64, 3), PictureFormat.Png, 90, null), Cancellation);
        var picture = new InputPicture(Assert.IsType<InputAdded.Stored>(added).Id, 64, 64);
        return Requests.Plain with { Task = GenerationTask.Img2img, Edit = new PictureEdit { Picture = picture, Strength = 0.5 } };
    }
}

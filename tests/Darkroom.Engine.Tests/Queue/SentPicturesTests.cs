using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;

namespace Darkroom.Engine.Tests.Queue;

/// <summary>A job's pictures are let go with the job, whatever ends it.</summary>
public sealed class SentPicturesTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_that_expires_in_the_queue_lets_its_pictures_go()
    {
        using var engine = new EngineHarness();
        var request = (await InpaintAsync(engine)) with { Deadline = 5 };
        var job = await engine.SubmitAsync(request);
        engine.Clock.Move(TimeSpan.FromSeconds(6));
        await engine.TickAsync();
        Assert.Equal(JobState.Expired, (await engine.JobAsync(job.Id)).State);
        Assert.False(await IsHeldAsync(engine, request));
    }

    [Fact]
    public async Task Request_that_finds_the_queue_full_lets_its_pictures_go()
    {
        using var engine = new EngineHarness(options: new EngineOptions { MaxQueued = 1 });
        await engine.SubmitAsync(Requests.Plain);
        var request = await InpaintAsync(engine);
        Assert.IsType<Admission.QueueFull>(await engine.Queue.SubmitAsync(request, [], Cancellation));
        Assert.False(await IsHeldAsync(engine, request));
    }

    private static async Task<GenerationRequest> InpaintAsync(EngineHarness engine) => Requests.Plain with
    {
        Task = GenerationTask.Inpaint,
        Edit = new PictureEdit { Picture = await SentAsync(engine, 3), Strength = 0.8, Mask = new MaskEdit { Picture = await SentAsync(engine, 1) } },
    };

    private static async Task<InputPicture> SentAsync(EngineHarness engine, int bands)
    {
        var picture = Picture.Blank(32, 32, bands);
        picture.Pixels.AsSpan(0, picture.Pixels.Length / 2).Fill(255);
        return new((await engine.Inputs.AddAsync(PictureEncoder.Encode(picture, PictureFormat.Png, 90, null), Cancellation))!, 32, 32);
    }

    private static async Task<bool> IsHeldAsync(EngineHarness engine, GenerationRequest request) =>
        await engine.Inputs.FindAsync(request.Edit!.Picture.InputId, Cancellation) is not null
        || await engine.Inputs.FindAsync(request.Edit.Mask!.Picture.InputId, Cancellation) is not null;
}

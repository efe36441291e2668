using System.Collections.Concurrent;
using Darkroom.Diffusion.Tensors;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;
using Darkroom.Models.Families;
using Darkroom.Models.Families.Previews;
using Darkroom.Models.Families.StableDiffusion;

namespace Darkroom.Engine.Tests.Previews;

public sealed class PreviewTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly GenerationRequest Watched = Requests.Plain with { Steps = 10, PreviewEvery = 3, Metadata = false };

    [Theory]
    [InlineData("euler", 3, "3 6 9")]
    [InlineData("heun", 4, "4 8")]
    [InlineData("dpmpp_2m", 1, "1 2 3 4 5 6 7 8 9")]
    [InlineData("euler", 10, "")]
    [InlineData("euler", 0, "")]
    public async Task Previews_come_every_so_many_steps_but_not_of_the_last(string sampler, int every, string steps)
    {
        var (engine, seen) = (new EngineHarness(), new List<int>());
        using (engine)
        {
            var job = await engine.SubmitAsync(Watched with { Sampler = sampler, PreviewEvery = every });
            while (!(await engine.JobAsync(job.Id)).IsFinished)
            {
                await engine.TickAsync();
                int done = (await engine.JobAsync(job.Id)).Progress.Step;
                // Every preview is waited for, so that none replaces another.
                if (every > 0 && done / every > seen.Count && done < 10) seen.Add((await engine.Board.NextAsync(job.Id, seen.Count,
                    Cancellation)).Preview.Step);
            }
            Assert.Equal(steps, string.Join(' ', seen));
        }
    }

    [Fact]
    public async Task Encoder_that_hangs_holds_up_nothing_and_afterwards_shows_the_newest_alone()
    {
        using var look = new GatedPreview();
        using var engine = new EngineHarness(new ScriptedModel { Preview = look });
        using var plain = new EngineHarness();
        var watched = await engine.SubmitAsync(Watched with { PreviewEvery = 1 });
        while ((await engine.JobAsync(watched.Id)).Progress.Step < 8) await engine.TickAsync();
        Assert.True(look.Asked.Count <= 1);
        look.Open.Set();
        // What waited of all the steps behind the first is the newest.
        var shown = await engine.Board.NextAsync(watched.Id, 0, Cancellation);
        while (shown.Preview.Step < 8) shown = await engine.Board.NextAsync(watched.Id, shown.Number, Cancellation);
        Assert.InRange(look.Asked.Count, 1, 2);

        await engine.RunAsync();
        var same = await plain.SubmitAsync(Watched with { PreviewEvery = 0 });
        await plain.RunAsync();
        Assert.Equal(await plain.HashesAsync(same.Id), await engine.HashesAsync(watched.Id));
    }

    [Fact]
    public async Task Preview_that_fails_harms_nobody()
    {
        using var engine = new EngineHarness(new ScriptedModel { Preview = new FailingPreview() });
        var job = await engine.SubmitAsync(Watched with { PreviewEvery = 1 });
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(job.Id));
    }

    [Fact]
    public async Task Model_without_a_quick_look_says_so()
    {
        using var engine = new EngineHarness(new ScriptedModel { Preview = null });
        var job = await engine.SubmitAsync(Watched);
        await engine.RunAsync();
        Assert.Contains("preview_every", Assert.Single((await engine.JobAsync(job.Id)).Result!.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finished_and_cancelled_jobs_leave_no_preview()
    {
        using var engine = new EngineHarness();
        var done = await engine.SubmitAsync(Watched with { PreviewEvery = 1 });
        var cancelled = await engine.SubmitAsync(Watched with { PreviewEvery = 1, Seed = 3 });
        for (int tick = 0; tick < 5; tick++) await engine.TickAsync();
        await engine.Board.NextAsync(cancelled.Id, 0, Cancellation);
        await engine.Queue.CancelAsync(cancelled.Id, Cancellation);
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(done.Id));
        for (int wait = 0; wait < 500 && engine.Board.Count > 0; wait++) await Task.Delay(10, Cancellation);
        Assert.Equal(0, engine.Board.Count);
    }

    [Theory]
    [InlineData(64, 64, 512, 512, 256, 256)]
    [InlineData(64, 96, 512, 768, 170, 256)]
    [InlineData(64, 64, 64, 64, 64, 64)]
    [InlineData(8, 8, 64, 64, 64, 64)]
    [InlineData(256, 1, 2048, 8, 256, 1)]
    public void Preview_has_the_pictures_shape_and_at_most_256_pixels(int width, int height, int ofWidth, int ofHeight, int shownWidth, int shownHeight)
    {
        var (png, w, h) = PreviewPicture.Encode(new DecodedPicture(width, height, new float[3 * width * height]), ofWidth, ofHeight);
        var picture = PictureDecoder.Decode(png);
        Assert.Equal((shownWidth, shownHeight, shownWidth, shownHeight), (w, h, picture.Width, picture.Height));
    }

    [Fact]
    public void Noise_stays_below_100_KB_too()
    {
        var noise = new float[3 * 256 * 256];
        var random = new Random(1);
        for (int i = 0; i < noise.Length; i++) noise[i] = 2 * random.NextSingle() - 1;
        var (png, width, height) = PreviewPicture.Encode(new DecodedPicture(256, 256, noise), 1024, 1024);
        Assert.InRange(png.Length, 1, PreviewPicture.MaxBytes - 1);
        Assert.Equal((160, 160), (width, height));
    }

    private sealed class GatedPreview : ILatentPreview
    {
        public ManualResetEventSlim Open { get; } = new();

        public ConcurrentQueue<float> Asked { get; } = new();

        public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents)
        {
            Asked.Enqueue(latents.Span[0]);
            Open.Wait(Cancellation);
            return StableDiffusionLatents.Known.Preview.Run(shape, latents);
        }

        public void Dispose() => Open.Dispose();
    }

    private sealed class FailingPreview : ILatentPreview
    {
        public DecodedPicture Run(LatentShape shape, ReadOnlyMemory<float> latents) => throw ScriptedModel.Refusal();

        public void Dispose() { }
    }
}

using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.Engine.Stages.Pictures;

namespace Darkroom.Engine.Tests.Execution;

public sealed class PictureTaskTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    public static TheoryData<string> Samplers => [.. SamplerCatalog.All.Select(sampler => sampler.Name)];

    [Theory]
    [MemberData(nameof(Samplers))]
    public async Task Every_sampler_runs_every_picture_task_and_strangers_do_not_change_it(string sampler)
    {
        using var together = new EngineHarness();
        var jobs = new List<Job>();
        foreach (var request in await RequestsAsync(together, sampler)) jobs.Add(await together.SubmitAsync(request));
        await together.RunAsync();
        for (int i = 0; i < jobs.Count; i++)
        {
            using var alone = new EngineHarness();
            var job = await alone.SubmitAsync((await RequestsAsync(alone, sampler))[i]);
            await alone.RunAsync();
            var (mine, other) = (await alone.JobAsync(job.Id), await together.JobAsync(jobs[i].Id));
            if (SamplerCatalog.Find(sampler) is { CanBlend: false } && mine.Request.Task is (GenerationTask.Inpaint or GenerationTask.Outpaint))
            {
                Assert.All([mine, other], one => Assert.Contains("under a mask another one is needed", one.Failure?.Detail, StringComparison.Ordinal));
                continue;
            }
            Assert.True(mine.State == JobState.Succeeded, $"{sampler}, {mine.Request.Task}: {mine.Failure?.Detail}");
            Assert.Equal(mine.Result!.Images.Select(image => image.Sha256), other.Result!.Images.Select(image => image.Sha256));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public async Task Strength_that_leaves_no_step_gives_the_picture_itself(double strength)
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Requests.Plain with { Task = GenerationTask.Img2img, Metadata = false,
            Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = strength } });
        await engine.RunAsync();
        Assert.Equal(Photo.Pixels, (await PictureAsync(engine, job)).Pixels);
        Assert.Empty(engine.Model.Calls);
    }

    [Fact]
    public async Task Outside_of_the_blurred_mask_every_byte_comes_back_and_an_empty_mask_gives_the_picture()
    {
        using var engine = new EngineHarness();
        var edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 1,
            Mask = new MaskEdit { Picture = await SentAsync(engine, Mask(4, 4, 12, 12)), Blur = 1 } };
        var job = await engine.SubmitAsync(Requests.Plain with { Task = GenerationTask.Inpaint, Edit = edit, Metadata = false });
        var empty = await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Inpaint, Metadata = false,
            Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 1,
                Mask = new MaskEdit { Picture = await SentAsync(engine, Mask(0, 0, 0, 0)) } },
        });
        await engine.RunAsync();
        var painted = await PictureAsync(engine, job);
        int kept = 0;
        for (int y = 0; y < 32; y++)
            for (int x = 0; x < 32; x++)
                if (x is < 1 or > 15 || y is < 1 or > 15)
                {
                    kept++;
                    Assert.Equal(Photo.Row(y).Slice(3 * x, 3).ToArray(), painted.Row(y).Slice(3 * x, 3).ToArray());
                }
        Assert.True(kept > 700);
        Assert.NotEqual(Photo.Pixels, painted.Pixels);
        Assert.Equal(Photo.Pixels, (await PictureAsync(engine, empty)).Pixels);
    }

    [Fact]
    public void Region_worked_on_alone_is_the_same_whether_the_masks_black_is_0_or_1()
    {
        Picture zero = Mask(12, 12, 18, 18), one = zero with { Pixels = [.. zero.Pixels.Select(level => Math.Max(level, (byte)1))] };
        var edit = new MaskEdit { Picture = new InputPicture("", 32, 32), OnlyMasked = true, Padding = 2, Blur = 1 };
        var works = new[] { zero, one }.Select(mask => new InpaintWork(Photo, mask, edit, 32, 32, ResizeMode.Crop)).ToArray();
        Assert.NotEqual(Photo.Pixels, works[0].Canvas(0).Pixels);
        Assert.Equal(works[0].Canvas(0).Pixels, works[1].Canvas(0).Pixels);
    }

    public static TheoryData<byte, byte, MaskMode, double, string?> Masks => new()
    {
        { 0, 0, MaskMode.White, 4,
            "mask: nothing was repainted: its brightest pixel has 0 of 255, and 128 and more counts as white; "
                + "send 255 for what is to be repainted, or mask_mode 'black'" },
        { 0, 1, MaskMode.White, 4,
            "mask: nothing was repainted: its brightest pixel has 1 of 255, and 128 and more counts as white; send 255 for what is to be repainted" },
        { 255, 255, MaskMode.Black, 4,
            "mask: nothing was repainted: its darkest pixel has 255 of 255, and up to 127 counts as black; "
                + "send 0 for what is to be repainted, or mask_mode 'white'" },
        { 0, 1, MaskMode.Black, 4,
            "mask: the whole picture was repainted: its brightest pixel has 1 of 255, and up to 127 counts as black; send 255 for what is to stand" },
        { 255, 255, MaskMode.White, 4,
            "mask: the whole picture was repainted: its darkest pixel has 255 of 255, and 128 and more counts as white; send 0 for what is to stand" },
        { 0, 255, MaskMode.White, 64,
            "mask: nothing was repainted: after the blur no pixel of it is at least a half; use a smaller mask_blur or a larger mask_grow" },
        { 0, 255, MaskMode.White, 0, null },
    };

    [Theory]
    [MemberData(nameof(Masks))]
    public async Task Mask_that_repaints_nothing_or_everything_is_said(byte around, byte inside, MaskMode mode, double blur, string? warning)
    {
        using var engine = new EngineHarness();
        var mask = new Picture(32, 32, 1,
            [.. Enumerable.Range(0, 32 * 32).Select(i => i % 32 is >= 12 and < 20 && i / 32 is >= 12 and < 20 ? inside : around)]);
        var edit = new PictureEdit
        {
            Picture = await SentAsync(engine, Photo), Strength = 1,
                Mask = new MaskEdit { Picture = await SentAsync(engine, mask), Reading = mode, Blur = blur },
        };
        var job = await engine.SubmitAsync(Requests.Plain with { Task = GenerationTask.Inpaint, Edit = edit, Metadata = false });
        await engine.RunAsync();
        Assert.Equal(warning is null ? [] : [warning], (await engine.JobAsync(job.Id)).Result!.Warnings);
        bool repainted = warning?.StartsWith("mask: nothing", StringComparison.Ordinal) != true;
        Assert.Equal(repainted, engine.Model.Calls.Count > 0);
        byte[] answer = (await PictureAsync(engine, job)).Pixels;
        Assert.Equal(repainted, !answer.AsSpan().SequenceEqual(Photo.Pixels));
    }

    [Fact]
    public async Task Mask_that_is_finer_than_the_latents_is_said()
    {
        using var engine = new EngineHarness();
        var edit = new PictureEdit
        {
            Picture = await SentAsync(engine, Photo), Strength = 1, Mask = new MaskEdit { Picture = await SentAsync(engine, Mask(9, 9, 10, 10)), Blur = 0 },
        };
        var job = await engine.SubmitAsync(Requests.Plain with { Task = GenerationTask.Inpaint, Edit = edit, Metadata = false });
        await engine.RunAsync();
        Assert.Equal([MaskWarning.TooFine], (await engine.JobAsync(job.Id)).Result!.Warnings);
    }

    [Fact]
    public async Task What_was_sent_stands_in_every_window_of_an_outpainting_but_for_the_feather()
    {
        using var engine = new EngineHarness();
        const int Left = 70, Up = 45, Feather = 4;
        var job = await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Outpaint, Seed = 4, Steps = 3, Width = 32 + Left + 33, Height = 32 + Up, Metadata = false,
            Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 1, Extension = new CanvasExtension(Left, 33, Up, 0, Feather) },
        });
        await engine.RunAsync();
        var wide = await PictureAsync(engine, job);
        Assert.Equal((32 + Left + 33, 32 + Up), (wide.Width, wide.Height));
        // The lower side was not extended, so nothing fades there.
        var (inner, at) = (new PixelRect(Feather, Feather, 32 - 2 * Feather, 32 - Feather),
            new PixelRect(Left + Feather, Up + Feather, 32 - 2 * Feather, 32 - Feather));
        Assert.Equal(Photo.Crop(inner).Pixels, wide.Crop(at).Pixels);
        // Many windows of three steps each, which the job counts as its own three.
        Assert.True(engine.Model.Calls.Count >= 4 * 3);
        var steps = new List<int>();
        await foreach (var one in engine.Queue.EventsAsync(job.Id, 0, Cancellation))
            if (one.Kind == JobEventKind.Progress) steps.Add(one.Progress.Step);
        Assert.Equal(3, steps[^1]);
    }

    [Fact]
    public async Task Sent_pictures_are_let_go_when_their_job_ends_however_it_ends()
    {
        using var engine = new EngineHarness();
        var done = await engine.SubmitAsync((await RequestsAsync(engine, "euler"))[1]);
        var cancelled = await engine.SubmitAsync((await RequestsAsync(engine, "euler"))[1]);
        await engine.Queue.CancelAsync(cancelled.Id, Cancellation);
        await engine.RunAsync();
        foreach (var job in new[] { done, cancelled })
        {
            Assert.Null(await engine.Inputs.FindAsync(job.Request.Edit!.Picture.InputId, Cancellation));
            Assert.Null(await engine.Inputs.FindAsync(job.Request.Edit.Mask!.Picture.InputId, Cancellation));
        }
    }

    private static readonly Picture Photo = new(32, 32, 3, [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)(i * 7 % 251))]);

    private static Picture Mask(int left, int top, int right, int bottom)
    {
        var mask = Picture.Blank(32, 32, 1);
        for (int y = top; y < bottom; y++) mask.Row(y)[left..right].Fill(255);
        return mask;
    }

    private static async Task<List<GenerationRequest>> RequestsAsync(EngineHarness engine, string sampler)
    {
        var plain = Requests.Plain with { Sampler = sampler, Steps = 8, Metadata = false };
        var mask = Mask(8, 8, 24, 24);
        return
        [
            plain with { Task = GenerationTask.Img2img, Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 0.6 } },
            plain with
            {
                Task = GenerationTask.Inpaint, Seed = 2,
                Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 0.8,
                    Mask = new MaskEdit { Picture = await SentAsync(engine, mask), Fill = MaskFill.Noise } },
            },
            plain with
            {
                Task = GenerationTask.Inpaint, Seed = 3,
                Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 1,
                    Mask = new MaskEdit { Picture = await SentAsync(engine, mask), Fill = MaskFill.Blur, OnlyMasked = true, Padding = 4 } },
            },
            plain with
            {
                Task = GenerationTask.Outpaint, Seed = 4, Width = 56, Height = 32,
                Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 1, Extension = new CanvasExtension(16, 8, 0, 0, 4) },
            },
            plain with { Prompt = "a (red:1.3) fox AND a [cat:dog:0.5] :0.7", PromptStyle = PromptStyle.Weighted, Seed = 5 },
        ];
    }

    [Fact]
    public async Task Encoder_that_answers_with_NaN_fails_that_picture_alone()
    {
        using var engine = new EngineHarness();
        int answers = 0;
        engine.Model.Answered = (part, values) =>
        {
            if (part == "encoder" && Interlocked.Increment(ref answers) == 1) values[3] = float.NaN;
        };
        var jobs = new List<Job>();
        for (int i = 0; i < 2; i++)
            jobs.Add(await engine.SubmitAsync(Requests.Plain with { Task = GenerationTask.Img2img, Seed = i,
                Edit = new PictureEdit { Picture = await SentAsync(engine, Photo), Strength = 0.5 } }));
        await engine.RunAsync();
        // The two are read side by side, so either can be the first to be encoded.
        var first = await engine.JobAsync(jobs[0].Id);
        var (failed, other) = first.Failure is null ? (jobs[1], jobs[0]) : (jobs[0], jobs[1]);
        Assert.Equal(JobFailureKind.NonFinite, (await engine.JobAsync(failed.Id)).Failure?.Kind);
        Assert.Single(await engine.HashesAsync(other.Id));
    }

    private static async Task<InputPicture> SentAsync(EngineHarness engine, Picture picture) => new(
        await engine.Inputs.SendAsync(PictureEncoder.Encode(picture, PictureFormat.Png, 90, null), Cancellation), picture.Width, picture.Height);

    private static async Task<Picture> PictureAsync(EngineHarness engine, Job job)
    {
        var finished = await engine.JobAsync(job.Id);
        Assert.True(finished.State == JobState.Succeeded, finished.Failure?.Detail);
        return PictureDecoder.Decode((await engine.Artifacts.ReadAsync(finished.Result!.Images[0].ArtifactId, Cancellation))!.Value);
    }
}

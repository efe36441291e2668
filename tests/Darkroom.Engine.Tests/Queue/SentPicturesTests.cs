using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;
using Darkroom.Imaging.Canvas;
using FsCheck.Xunit;

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

    [Fact]
    public async Task Waiting_and_running_jobs_keep_their_pictures()
    {
        using var engine = new EngineHarness();
        var request = await InpaintAsync(engine);
        var job = await engine.SubmitAsync(request);
        Assert.True(await IsHeldAsync(engine, request));
        await engine.TickAsync();
        Assert.Equal(JobState.Running, (await engine.JobAsync(job.Id)).State);
        Assert.True(await IsHeldAsync(engine, request));
    }

    public enum End { Succeeds, Fails, CancelledInQueue, CancelledInFlight, ExpiresInQueue, ExpiresInFlight, TooLarge }

    [Property(MaxTest = 40)]
    public async Task No_end_keeps_a_picture(int seed)
    {
        var random = new Random(seed);
        using var engine = new EngineHarness(options: new EngineOptions { Target = SchedulingTarget.Throughput, MemoryLimitMiB = 1000 });
        var sent = new List<GenerationRequest>();
        var ends = new Dictionary<string, JobState>();
        for (int i = random.Next(1, 8); i > 0; i--)
        {
            var end = (End)random.Next(7);
            var request = end == End.TooLarge ? await OutpaintAsync(engine, side: 100_000) : await InpaintAsync(engine, isPicture: end != End.Fails);
            if (end is End.ExpiresInQueue or End.ExpiresInFlight) request = request with { Deadline = 5 };
            sent.Add(request);
            var admission = await engine.Queue.SubmitAsync(request, [], Cancellation);
            if (admission is not Admission.Accepted { Job: var job })
            {
                Assert.Equal(End.TooLarge, end);
                continue;
            }
            if (end is End.CancelledInFlight or End.ExpiresInFlight) await engine.TickAsync();
            if (end is End.CancelledInQueue or End.CancelledInFlight) await engine.Queue.CancelAsync(job.Id, Cancellation);
            if (end is End.ExpiresInQueue or End.ExpiresInFlight) engine.Clock.Move(TimeSpan.FromSeconds(6));
            if (random.Next(2) == 0) await engine.TickAsync();
            ends[job.Id] = end switch
            {
                End.Succeeds => JobState.Succeeded,
                End.Fails => JobState.Failed,
                End.CancelledInQueue or End.CancelledInFlight => JobState.Cancelled,
                _ => JobState.Expired,
            };
        }
        bool stops = random.Next(3) == 0;
        if (stops) await engine.Store.LeaveAsync(engine.Owner, Cancellation);
        await engine.RunAsync();
        foreach (var (id, state) in ends)
        {
            var job = await engine.JobAsync(id);
            Assert.True(job.State == state || (stops && job.Failure?.Kind == JobFailureKind.ShuttingDown), $"{job.State} {job.Failure}, not {state}");
        }
        foreach (var request in sent) Assert.False(await IsHeldAsync(engine, request));
    }

    private static async Task<GenerationRequest> InpaintAsync(EngineHarness engine, bool isPicture = true) => Requests.Plain with
    {
        Task = GenerationTask.Inpaint,
        Edit = new PictureEdit
        {
            Picture = await SentAsync(engine, 3, isPicture), Strength = 0.8, Mask = new MaskEdit { Picture = await SentAsync(engine, 1) },
        },
    };

    private static async Task<GenerationRequest> OutpaintAsync(EngineHarness engine, int side) => Requests.Plain with
    {
        Task = GenerationTask.Outpaint, Width = side, Height = side,
        Edit = new PictureEdit { Picture = await SentAsync(engine, 3), Strength = 1, Extension = new CanvasExtension(0, side, 0, side, 4) },
    };

    private static async Task<InputPicture> SentAsync(EngineHarness engine, int channels, bool isPicture = true)
    {
        var picture = Picture.Blank(32, 32, channels);
        picture.Pixels.AsSpan(0, picture.Pixels.Length / 2).Fill(255);
        byte[] file = isPicture ? PictureEncoder.Encode(picture, PictureFormat.Png, 90, null) : [1, 2, 3];
        return new(await engine.Inputs.SendAsync(file, Cancellation), 32, 32);
    }

    private static async Task<bool> IsHeldAsync(EngineHarness engine, GenerationRequest request) =>
        await engine.Inputs.FindAsync(request.Edit!.Picture.InputId, Cancellation) is not null
        || (request.Edit.Mask is { } mask && await engine.Inputs.FindAsync(mask.Picture.InputId, Cancellation) is not null);
}

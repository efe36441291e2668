using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Scheduling;
using Darkroom.Imaging;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>A picture on its way through an upscaler can be let go between two tiles.</summary>
public sealed class UpscaleCancelTests : IDisposable
{
    private const string Id = "realesr-animevideov3-x2";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly Upscaler upscaler;

    public UpscaleCancelTests()
    {
        string models = Path.Combine(Repository.Root, "models");
        upscaler = Upscaler.Load(Path.Combine(models, "upscalers", Id + ".onnx"), new UpscalerCatalog(models).All.First(one => one.Id == Id),
            new SessionSettings { Threads = 1 });
    }

    public void Dispose() => upscaler.Dispose();

    [Fact]
    public async Task Cancelled_job_leaves_between_two_tiles()
    {
        using var engine = new EngineHarness(upscalers: new OneUpscaler(upscaler));
        var job = await UpscalingAsync(engine);
        await engine.Queue.CancelAsync(job.Id, Cancellation);
        await AssertLeftAsync(engine, job, JobState.Cancelled);
    }

    [Fact]
    public async Task Job_past_its_deadline_leaves_between_two_tiles()
    {
        using var engine = new EngineHarness(upscalers: new OneUpscaler(upscaler));
        var job = await UpscalingAsync(engine);
        engine.Clock.Move(TimeSpan.FromSeconds(6));
        await AssertLeftAsync(engine, job, JobState.Expired);
    }

    [Fact]
    public async Task Upscaling_stands_in_line_by_the_tiles_that_are_left()
    {
        using var engine = new EngineHarness(upscalers: new OneUpscaler(upscaler));
        await UpscalingAsync(engine);
        var row = Assert.Single(engine.Active.Rows);
        var costs = new CostTable(DeviceTraits.Cpu(1), static _ => null);
        Assert.Equal((9 - 3) * costs.SecondsOf(row.Job.Work.Main.Key, 1, CallWidth.Wide), row.SecondsLeft(costs), 9);
    }

    /// <summary>A picture of nine tiles, some of which are done.</summary>
    private static async Task<Job> UpscalingAsync(EngineHarness engine)
    {
        var photo = new Picture(128, 128, 3, [.. Enumerable.Range(0, 128 * 128 * 3).Select(i => (byte)(i * 7 % 251))]);
        string input = await engine.Inputs.SendAsync(PictureEncoder.Encode(photo, PictureFormat.Png, 90, null), Cancellation);
        var job = await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Upscale, Model = Id, Prompt = "", GuidanceScale = 1, Steps = 1, Deadline = 5, Width = 256, Height = 256, Metadata = false,
            Edit = new PictureEdit { Picture = new InputPicture(input, 128, 128), Strength = 0 },
            Upscale = new UpscaleOrder(Id, 2, Tile: 48, Overlap: 8),
        });
        for (int tick = 0; tick < 1000 && engine.Device.Calls < 3; tick++)
            if (!await engine.TickAsync()) await engine.Signal.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        Assert.Equal((3, 1), (engine.Device.Calls, engine.Active.Rows.Count));
        return job;
    }

    private static async Task AssertLeftAsync(EngineHarness engine, Job job, JobState state)
    {
        await engine.TickAsync();
        Assert.Equal((3, 0, 0), (engine.Device.Calls, engine.Active.Rows.Count, engine.Active.Jobs.Count));
        Assert.Equal(state, (await engine.JobAsync(job.Id)).State);
        Assert.Null(await engine.Inputs.FindAsync(job.Request.Edit!.Picture.InputId, Cancellation));
    }
}

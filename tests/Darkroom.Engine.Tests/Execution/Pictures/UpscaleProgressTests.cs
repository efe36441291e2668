using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Sessions;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Execution.Pictures;

/// <summary>How far a job is whose pictures go through an upscaler.</summary>
public sealed class UpscaleProgressTests
{
    private const string Id = "shuffle-tiny-x2";
    private static readonly UpscaleOrder Order = new(Id, 2, Tile: 32, Overlap: 8);

    [Fact]
    public async Task An_upscale_task_counts_its_tiles_and_names_the_hash_of_its_network()
    {
        using var upscaler = Load();
        using var engine = new EngineHarness(upscalers: new OneUpscaler(upscaler));
        string input = await engine.Inputs.SendAsync(PictureEncoder.Encode(Picture.Blank(96, 64, 3), PictureFormat.Png, 90, null),
            TestContext.Current.CancellationToken);
        var job = await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Upscale, Model = Id, Steps = 1, Upscale = Order, Metadata = false, Width = 192, Height = 128,
            Edit = new PictureEdit { Picture = new InputPicture(input, 96, 64), Strength = 0 },
        });
        var told = await WatchAsync(engine, job.Id);
        var done = await engine.JobAsync(job.Id);
        int tiles = UpscaleRun.CountTiles(upscaler.Traits, 96, 64, 2, new UpscaleTiling(32, 8));
        Assert.True(tiles > 3);
        Assert.Equal(Enumerable.Range(1, tiles).Select(step => (step, tiles)), told);
        Assert.Equal((tiles, tiles), (done.Progress.Step, done.Progress.Steps));
        Assert.Equal(tiles, done.Result!.Timings.Steps);
        Assert.Equal("hash", done.Result.ModelHash);
    }

    [Fact]
    public async Task Tiles_behind_a_generation_are_steps_too_and_known_before_the_first()
    {
        using var upscaler = Load();
        using var engine = new EngineHarness(upscalers: new OneUpscaler(upscaler));
        var job = await engine.SubmitAsync(Requests.Plain with { Steps = 4, Count = 2, Upscale = Order });
        var told = await WatchAsync(engine, job.Id);
        int tiles = UpscaleRun.CountTiles(upscaler.Traits, Requests.Plain.Width, Requests.Plain.Height, 2, new UpscaleTiling(32, 8)), all = 2 * (4 + tiles);
        Assert.All(told, progress => Assert.Equal(all, progress.Steps));
        Assert.Equal(told.Select(progress => progress.Step).Order(), told.Select(progress => progress.Step));
        Assert.Equal((all, all), told[^1]);
        Assert.Equal(4, (await engine.JobAsync(job.Id)).Result!.Timings.Steps);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_waiting_job_counts_its_tiles_where_the_upscalers_file_tells_enough(bool knows)
    {
        using var upscaler = Load();
        using var engine = new EngineHarness(upscalers: new OneUpscaler(upscaler, knows));
        string input = await engine.Inputs.SendAsync(PictureEncoder.Encode(Picture.Blank(96, 64, 3), PictureFormat.Png, 90, null),
            TestContext.Current.CancellationToken);
        var enlarged = await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Upscale, Model = Id, Steps = 1, Upscale = Order, Metadata = false, Width = 192, Height = 128,
            Edit = new PictureEdit { Picture = new InputPicture(input, 96, 64), Strength = 0 },
        });
        var painted = await engine.SubmitAsync(Requests.Plain with { Steps = 4, Count = 2, Upscale = Order });
        await engine.RunAsync();
        int ofEnlarged = (await engine.JobAsync(enlarged.Id)).Progress.Steps, ofPainted = (await engine.JobAsync(painted.Id)).Progress.Steps;
        Assert.True(ofEnlarged > 3 && ofPainted > 2 * 4);
        Assert.Equal(knows ? (ofEnlarged, ofPainted) : (0, 2 * 4), (enlarged.Progress.Steps, painted.Progress.Steps));
    }

    private static Upscaler Load()
    {
        string path = ConformancePack.PathOf("pipelines", "upscalers", Id + ".onnx");
        return Upscaler.Load(path, new UpscalerDescription { Id = Id, Title = Id }, new SessionSettings { Threads = 1 }, "hash");
    }

    /// <summary>Runs the job to its end, and what it said of itself on the way, each once.</summary>
    private static async Task<List<(int Step, int Steps)>> WatchAsync(EngineHarness engine, string id)
    {
        var told = new List<(int Step, int Steps)>();
        while (await engine.JobAsync(id) is { IsFinished: false })
        {
            if (!await engine.TickAsync()) await engine.Signal.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
            var progress = (await engine.JobAsync(id)).Progress;
            var now = (progress.Step, progress.Steps);
            if (now.Step > 0 && (told.Count == 0 || told[^1] != now)) told.Add(now);
        }
        return told;
    }
}

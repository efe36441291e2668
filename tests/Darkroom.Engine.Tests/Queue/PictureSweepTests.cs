using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Imaging;

namespace Darkroom.Engine.Tests.Queue;

public sealed class PictureSweepTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pictures_stay_with_their_job_for_the_retention_and_go_then()
    {
        using var engine = new EngineHarness();
        string picture = await MakeAsync(engine);
        engine.Clock.Move(TimeSpan.FromHours(23.9));
        Assert.Equal((0, 0), await SweepAsync(engine));
        Assert.NotNull(await engine.Artifacts.ReadAsync(picture, Cancellation));
        engine.Clock.Move(TimeSpan.FromHours(0.2));
        Assert.Equal((1, 0), await SweepAsync(engine));
        Assert.Null(await engine.Artifacts.ReadAsync(picture, Cancellation));
        Assert.True(await engine.Artifacts.WasHereAsync(picture, Cancellation));
    }

    [Fact]
    public async Task Files_without_a_job_go_after_an_hour_and_those_of_waiting_jobs_stay()
    {
        using var engine = new EngineHarness();
        string orphan = (await StoreAsync(engine, "no job's")).Id, lost = await engine.Inputs.SendAsync(new byte[10], Cancellation);
        string used = await engine.Inputs.SendAsync(new byte[10], Cancellation);
        await engine.SubmitAsync(Requests.Plain with
        {
            Task = GenerationTask.Img2img, Edit = new() { Picture = new(used, 32, 32), Strength = 0.5, Fit = default },
        });
        engine.Clock.Move(TimeSpan.FromMinutes(59));
        Assert.Equal((0, 0), await SweepAsync(engine));
        engine.Clock.Move(TimeSpan.FromMinutes(2));
        Assert.Equal((1, 1), await SweepAsync(engine));
        Assert.Null(await engine.Artifacts.ReadAsync(orphan, Cancellation));
        Assert.Null(await engine.Inputs.FindAsync(lost, Cancellation));
        Assert.NotNull(await engine.Inputs.FindAsync(used, Cancellation));
    }

    [Fact]
    public async Task Jobs_are_read_to_the_end_of_their_list()
    {
        using var engine = new EngineHarness(options: new EngineOptions { MaxQueued = 2000 });
        var jobs = new List<string>();
        for (int i = 0; i < 1200; i++) jobs.Add((await engine.SubmitAsync(Requests.Plain)).Id); // more than two pages
        foreach (string job in jobs) await StoreAsync(engine, job);
        engine.Clock.Move(TimeSpan.FromHours(2));
        Assert.Equal((0, 0), await SweepAsync(engine));
    }

    [Fact]
    public async Task Purge_removes_what_a_finished_job_made_told_or_not()
    {
        using var engine = new EngineHarness();
        string picture = await MakeAsync(engine);
        var job = (await engine.Store.ListAsync(new(null, 1), Cancellation)).Jobs[0];
        string untold = (await StoreAsync(engine, job.Id)).Id, other = (await StoreAsync(engine, "another's")).Id;
        await engine.Pictures.PurgeAsync(job);
        Assert.Equal([other], await engine.Artifacts.ListAsync(Cancellation).Select(entry => entry.Id).ToListAsync(Cancellation));
        foreach (string id in (string[])[picture, untold]) Assert.True(await engine.Artifacts.WasHereAsync(id, Cancellation));
    }

    [Fact]
    public async Task Picture_that_finds_the_disk_full_fails_its_job_as_that()
    {
        using var engine = new EngineHarness(artifacts: new FullArtifacts());
        var job = await engine.SubmitAsync(Requests.Plain);
        await engine.RunAsync();
        Assert.Equal(JobFailureKind.DiskFull, (await engine.JobAsync(job.Id)).Failure!.Kind);
    }

    private static Task<(int Pictures, int Inputs)> SweepAsync(EngineHarness engine) => new PictureSweep(
        engine.Store, engine.Artifacts, engine.Inputs, new SweepChoice(TimeSpan.FromHours(24)), engine.Clock, new FailingLog<PictureSweep>())
        .SweepAsync(Cancellation);

    private static async Task<string> MakeAsync(EngineHarness engine)
    {
        var job = await engine.SubmitAsync(Requests.Plain);
        await engine.RunAsync();
        return (await engine.JobAsync(job.Id)).Result!.Images.Single().ArtifactId;
    }

    private static async Task<Artifact> StoreAsync(EngineHarness engine, string job) =>
        Assert.IsType<ArtifactAdded.Stored>(await engine.Artifacts.AddAsync(job, PictureFormat.Png, new byte[10], Cancellation)).Artifact;

    /// <summary>A store on a full disk.</summary>
    private sealed class FullArtifacts : IArtifactStore
    {
        public string Retention => "";

        public IDisposable Hold(string job) => new MemoryStream();

        public ValueTask<ArtifactAdded> AddAsync(string job, PictureFormat format, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
            ValueTask.FromResult<ArtifactAdded>(new ArtifactAdded.DiskFull());

        public ValueTask<OpenArtifact?> OpenAsync(string id, CancellationToken cancellation) => default;

        public ValueTask<bool> WasHereAsync(string id, CancellationToken cancellation) => default;

        public ValueTask<IReadOnlyList<string>> NotKeptAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => ValueTask.FromResult(ids);

        public ValueTask RemoveAsync(IReadOnlyList<string> ids, CancellationToken cancellation) => default;

        public ValueTask RemoveJobAsync(string job, CancellationToken cancellation) => default;

        public IAsyncEnumerable<ArtifactEntry> ListAsync(CancellationToken cancellation) => AsyncEnumerable.Empty<ArtifactEntry>();
    }
}

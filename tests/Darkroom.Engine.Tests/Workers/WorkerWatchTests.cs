using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Telemetry;
using Darkroom.Engine.Tests.Execution;
using Darkroom.Engine.Workers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Upscaling;
using Darkroom.Storage.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Engine.Tests.Workers;

/// <summary>The queue of a cluster: jobs that nobody can make do not wait for ever, and those of an open model are left to who has it.</summary>
public sealed class WorkerWatchTests
{
    private static readonly EngineOptions Options = new() { MaxQueued = 100 };
    private static readonly AddTerms Terms = new() { MaxQueued = 100 };

    private readonly MovingTime time = new();
    private readonly WorkerDirectory directory = new();
    private readonly Board board = new();
    private readonly QueuePace pace = new(Options);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Job_whose_model_no_worker_has_fails_after_a_while_and_says_why()
    {
        var store = new MemoryJobStore(time);
        foreach (string id in new[] { "gone", "there" }) await AddAsync(store, id, id);
        board.Cards = [WorkerDirectoryTests.Card("one", "there", ("there", ModelState.Cold))];
        var watch = Watch(store);
        await TurnAsync(watch);
        time.Move(WorkerWatch.MaxWithout - TimeSpan.FromSeconds(1));
        await TurnAsync(watch);
        Assert.Equal(JobState.Queued, (await store.FindAsync("gone", Cancellation))!.State);
        time.Move(TimeSpan.FromSeconds(2));
        await TurnAsync(watch);
        var failed = (await store.FindAsync("gone", Cancellation))!;
        Assert.Equal((JobState.Failed, JobFailureKind.ModelUnavailable), (failed.State, failed.Failure!.Kind));
        Assert.Contains("'gone'", failed.Failure.Detail, StringComparison.Ordinal);
        Assert.Equal(JobState.Queued, (await store.FindAsync("there", Cancellation))!.State);
    }

    [Fact]
    public async Task Jobs_wait_as_long_as_there_is_no_worker_at_all_and_a_model_that_comes_back_starts_the_time_anew()
    {
        var store = new MemoryJobStore(time);
        await AddAsync(store, "a", "a");
        var watch = Watch(store);
        for (int i = 0; i < 5; i++)
        {
            time.Move(WorkerWatch.MaxWithout);
            await TurnAsync(watch);
        }
        Assert.Equal(JobState.Queued, (await store.FindAsync("a", Cancellation))!.State);
        for (int i = 0; i < 4; i++)
        {
            board.Cards = [WorkerDirectoryTests.Card("one", null, (i % 2 == 0 ? "b" : "a", ModelState.Cold))];
            await TurnAsync(watch);
            time.Move(WorkerWatch.MaxWithout * 0.7);
        }
        await TurnAsync(watch);
        Assert.Equal(JobState.Queued, (await store.FindAsync("a", Cancellation))!.State);
    }

    [Fact]
    public async Task Who_finds_the_queue_full_is_told_when_a_tenth_of_it_is_done_at_the_pace_of_the_last_jobs()
    {
        var store = new MemoryJobStore(time);
        for (int i = 0; i < 5; i++)
        {
            await AddAsync(store, $"{i}", "a");
            var job = Assert.Single(await store.ClaimAsync([$"{i}"], new JobOwner("w", TimeSpan.FromMinutes(1)), Cancellation));
            time.Move(TimeSpan.FromSeconds(2));
            var result = new JobResult([], [], new JobTimings(0, 0, 0, 0, 0, 4, 1), "hash");
            await store.CommitAsync(job.Id, job.Attempt, new JobCommand.Succeed(result), Cancellation);
        }
        Assert.Equal(TimeSpan.FromSeconds(1), pace.RetryAfter);
        await TurnAsync(Watch(store));
        Assert.Equal((2.0, TimeSpan.FromSeconds(20)), (pace.JobSeconds, pace.RetryAfter));
    }

    [Fact]
    public async Task Workers_are_taken_to_be_there_for_a_moment_after_the_store_was_away()
    {
        var watch = Watch(new MemoryJobStore(time));
        board.Cards = [WorkerDirectoryTests.Card("one", null, ("a", ModelState.Ready))];
        await TurnAsync(watch);
        board.Fault = new StoreException("away", StoreFault.Unavailable);
        await watch.StartAsync(Cancellation);
        await watch.StopAsync(Cancellation);

        (board.Fault, board.Cards) = (null, []); // nobody could say that he lives, so no card lasted
        time.Move(TimeSpan.FromSeconds(14));
        await TurnAsync(watch);
        Assert.Equal(1, directory.Workers);
        time.Move(TimeSpan.FromSeconds(1));
        await TurnAsync(watch);
        Assert.Equal(0, directory.Workers);
    }

    [Fact]
    public async Task Models_of_a_worker_that_is_gone_can_be_asked_for_until_it_could_be_back()
    {
        var watch = Watch(new MemoryJobStore(time));
        board.Cards = [WorkerDirectoryTests.Card("one", "a", ("a", ModelState.Ready)), WorkerDirectoryTests.Card("two", "b", ("b", ModelState.Ready))];
        await TurnAsync(watch);
        board.Cards = [WorkerDirectoryTests.Card("two", "b", ("b", ModelState.Ready))];
        time.Move(TimeSpan.FromSeconds(30));
        await TurnAsync(watch);
        Assert.Equal((1, "b", ModelState.Cold), (directory.Workers, directory.Default!.Id, directory.StatusOf("a").State));
        Assert.NotNull(directory.Find("a"));
        Assert.False(directory.CanMake(Requests.Plain with { Model = "a" }));
        time.Move(WorkerWatch.MaxWithout - TimeSpan.FromSeconds(30));
        await TurnAsync(watch);
        Assert.Null(directory.Find("a"));
        Assert.Equal("b", Assert.Single(directory.All).Id);
    }

    [Fact]
    public void Young_job_is_left_to_the_worker_that_has_its_model_open()
    {
        var others = new OtherWorkers();
        var admission = new AdmissionCheck(new Cold("a"), new None(), new EngineLifetime(), Options);
        var check = new ClaimCheck(new Cold("a"), new None(), admission, time, others);
        var job = Job.Admit("1", Requests.Plain with { Model = "a" }, [], time.GetUtcNow()).Job;
        Assert.True(check.CanMake(job));
        others.Directory.Show([WorkerDirectoryTests.Card("other", null, ("a", ModelState.Ready))]);
        Assert.False(check.CanMake(job));
        time.Move(ClaimCheck.LeftToOthers);
        Assert.True(check.CanMake(job));
        Assert.False(check.CanMake(job with { Request = job.Request with { Model = "b" } }));
        Assert.Equal(["a"], check.Models);
    }

    private WorkerWatch Watch(IJobStore store) =>
        new(board, directory, store, new JobRecovery(
            store, new JobOwner("api", TimeSpan.FromSeconds(30)), Options, new JobTelemetry(new Meters()), NullLogger<JobRecovery>.Instance),
            pace, time, NullLogger<WorkerWatch>.Instance);

    /// <summary>One turn, as the host's timer has it made.</summary>
    private static Task TurnAsync(WorkerWatch watch) => watch.LookAsync(Cancellation);

    private async Task AddAsync(MemoryJobStore store, string id, string model) => Assert.IsType<AddOutcome.Added>(
        await store.AddAsync(Job.Admit(id, Requests.Plain with { Model = model }, [], time.GetUtcNow()), Terms, Cancellation));

    private sealed class MovingTime : TimeProvider
    {
        private DateTimeOffset now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Move(TimeSpan by) => now += by;

        public override DateTimeOffset GetUtcNow() => now;

        public override long GetTimestamp() => now.Ticks;
    }

    private sealed class Board : IWorkerBoard
    {
        public IReadOnlyList<WorkerCard> Cards { get; set; } = [];

        public ValueTask PublishAsync(WorkerCard card, TimeSpan lease, CancellationToken cancellation) => default;

        public ValueTask<bool> ProlongAsync(string id, TimeSpan lease, CancellationToken cancellation) => new(true);

        public ValueTask RemoveAsync(string id, CancellationToken cancellation) => default;

        public Exception? Fault { get; set; }

        public ValueTask<IReadOnlyList<WorkerCard>> LiveAsync(CancellationToken cancellation) => Fault is null ? new(Cards) : throw Fault;
    }

    private sealed class Cold(string id) : IModelDirectory
    {
        public IReadOnlyList<ModelDescription> All { get; } = [new ModelDescription { Id = id, Title = id, NativeSize = 64 }];

        public ModelDescription? Default => All[0];

        public ModelDescription? Find(string wanted) => wanted == id ? All[0] : null;

        public ModelStatus StatusOf(string wanted) => new(ModelState.Cold);
    }

    private sealed class None : IUpscalerDirectory
    {
        public IReadOnlyList<UpscalerDescription> All => [];

        public UpscalerDescription? Find(string id) => null;

        public ModelStatus StatusOf(string id) => new(ModelState.Cold);
    }
}

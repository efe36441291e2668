using System.Diagnostics.Metrics;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Energy;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Programs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Engine.Scheduling.Costs;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Stages.Pictures;
using Darkroom.Engine.Telemetry;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Models.Upscaling;
using Darkroom.Storage.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>The whole engine on a scripted model and a clock that tests move: ticked by hand, or run to the end.</summary>
internal sealed class EngineHarness : IDisposable
{
    private readonly DeviceGroup devices;
    private readonly ResultApplier results;
    private readonly JobWrites writes;

    /// <param name="model">Its only model.</param>
    /// <param name="options">By default batches are as large as they may be, so that a tick is one call of every row.</param>
    /// <param name="deviceCount">Devices.</param>
    /// <param name="threads">Of each.</param>
    /// <param name="upscalers">Its only upscaler; null: there is none.</param>
    /// <param name="store">What the engine sees of the jobs' store; null: the store itself.</param>
    /// <param name="programs">Makes the rows' programs; null: those of the engine.</param>
    /// <param name="artifacts">Where pictures go; null: memory.</param>
    /// <param name="deliveries">The clock of pictures that wait for their store; null: the machine's.</param>
    /// <param name="energy">Of all its devices; null: not told.</param>
    public EngineHarness(
        ScriptedModel? model = null, EngineOptions? options = null, int deviceCount = 1, int threads = 1, OneUpscaler? upscalers = null,
        Func<IJobStore, IJobStore>? store = null, Func<RowMemory, IRowSources, int, RowProgram>? programs = null,
        IArtifactStore? artifacts = null, TimeProvider? deliveries = null, IEnergyMeter? energy = null)
    {
        Model = model ?? new ScriptedModel();
        Options = options ?? new EngineOptions { Target = SchedulingTarget.Throughput };
        var directory = new OneModel(Model);
        Store = new MemoryJobStore(Clock);
        if (store is not null) Store = store(Store);
        Artifacts = artifacts ?? new MemoryArtifactStore(new RandomIds(), 64 << 20, Clock);
        Signal = new AsyncSignal();
        Lifetime = new EngineLifetime();
        Inputs = new MemoryInputStore(new RandomIds(), new InputMemory(64 << 20), Clock);
        var pictures = new PictureLoading(Inputs, Decoded);
        var delivery = new Delivery(Artifacts, pictures, Signal, Lifetime, deliveries ?? TimeProvider.System, new FailingLog<Delivery>());
        Pictures = new JobPictures(Inputs, Decoded, Artifacts);
        new JobRelease(Store, Pictures, new FailingLog<JobRelease>()).StartAsync(CancellationToken.None);
        var shares = new FairShare();
        var standings = new Standings(shares, new StarvationGuard(Options.Policy));
        var known = upscalers as IUpscalerDirectory ?? new NoUpscalers();
        var previews = new PreviewDesk(Board, new PreviewTelemetry(new Meters()), new FailingLog<PreviewDesk>());
        writes = new JobWrites(Store, Owner, Lifetime, Clock, new FailingLog<JobWrites>());
        Active = new ActiveJobs(Store, writes, Owner, previews, standings, Clock);
        results = new ResultApplier(writes, Active, delivery, previews, shares, Signal, Clock, new FailingLog<ResultApplier>());
        devices = DeviceSetup.Create(
            [.. Enumerable.Repeat(DeviceTraits.Cpu(threads), deviceCount)], Options.Policy, Device.Executor, Signal,
            Model.IsTimedByHand ? new HandTimestamps(Clock) : TimeProvider.System, null, [.. Enumerable.Repeat(energy, deviceCount)]);
        var sources = new Sources(() => Replacement ?? Model, upscalers, pictures);
        var starter = new JobStarter(Active, results, devices, directory, known, sources, programs ?? RowProgram.Of);
        var choice = new ClaimChoice(devices.All[0].Costs, Options.Policy);
        var pace = new QueuePace(Options);
        var offered = new OfferedWork(directory, known, devices, pace, Options, Clock);
        var intake = new Intake(new WaitingLine(Store, writes, Clock), offered, Active, starter, devices, choice, standings, Options);
        var watch = new CallWatch(devices, Active, results, writes, Lifetime, new FailingLog<CallWatch>());
        Loop = new EngineLoop(Active, devices, watch, intake, new RowAdvancer(Active, results, devices, Options, Signal), results, writes);
        Queue = new GenerationQueue(Store, new AdmissionCheck(directory, known, Lifetime, Options), Pictures, pace, Signal, new RandomIds(), Options, Clock);
    }

    public ScriptedModel Model { get; }

    /// <summary>What rows that begin from now on get for the model, as when its files are replaced; null: the model.</summary>
    public ScriptedModel? Replacement { get; set; }

    public EngineOptions Options { get; }
    public HandClock Clock { get; } = new();
    public JobOwner Owner { get; } = new("this process", TimeSpan.FromSeconds(30));
    public IJobStore Store { get; }
    public IArtifactStore Artifacts { get; }
    public CallCounter Device { get; } = new();
    public MemoryPreviewBoard Board { get; } = new();
    public MemoryInputStore Inputs { get; }
    public DecodedPictures Decoded { get; } = new();
    public JobPictures Pictures { get; }
    public AsyncSignal Signal { get; }
    public EngineLifetime Lifetime { get; }
    public ActiveJobs Active { get; }
    public EngineLoop Loop { get; }
    public IGenerationQueue Queue { get; }

    public async Task<Job> SubmitAsync(GenerationRequest request) =>
        Assert.IsType<Admission.Accepted>(await Queue.SubmitAsync(request, [], TestContext.Current.CancellationToken)).Job;

    /// <summary>What drives the loop in a server.</summary>
    public EngineService Service()
    {
        var recovery = new JobRecovery(Store, Owner, Options, new JobTelemetry(new Meters()), new FailingLog<JobRecovery>());
        var claims = new ClaimKeeper(Store, writes, Owner, recovery, Active, Signal, Clock, new FailingLog<ClaimKeeper>());
        var costs = new CostKeeper(devices, Options, Clock, new FailingLog<CostKeeper>());
        return new EngineService(Loop, results, claims, costs, Signal, Lifetime, TimeProvider.System, new FailingLog<EngineService>());
    }

    /// <summary>Starts the next calls, waits for them, and applies what they gave.</summary>
    public async Task<bool> TickAsync(bool claim = true)
    {
        var cancellation = TestContext.Current.CancellationToken;
        bool moved = await Loop.TickAsync(claim, cancellation);
        while (!devices.IsIdle)
        {
            if (!await Loop.ApplyAsync(cancellation)) await Signal.WaitAsync(TimeSpan.FromSeconds(5), cancellation);
            moved = true;
        }
        return moved;
    }

    /// <summary>Ticks until no job is left.</summary>
    public async Task RunAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        do
        {
            if (!await TickAsync() && Active.Jobs.Count > 0) await Signal.WaitAsync(TimeSpan.FromSeconds(5), cancellation);
        }
        while (Active.Jobs.Count > 0 || await Store.CountQueuedAsync(cancellation) > 0);
    }

    public async Task<Job> JobAsync(string id) => (await Store.FindAsync(id, TestContext.Current.CancellationToken))!;

    /// <summary>The pictures of a finished job, by their hashes.</summary>
    public async Task<string[]> HashesAsync(string id)
    {
        var job = await JobAsync(id);
        Assert.True(job.State == JobState.Succeeded, $"{job.State}: {job.Failure}");
        return [.. job.Result!.Images.Select(image => image.Sha256)];
    }

    public void Dispose() => devices.Dispose();

    private sealed class NoUpscalers : IUpscalerDirectory
    {
        public IReadOnlyList<UpscalerDescription> All => [];
        public UpscalerDescription? Find(string id) => null;
        public ModelStatus StatusOf(string id) => new(ModelState.Cold);
    }

    private sealed class Sources(Func<ScriptedModel> model, OneUpscaler? upscalers, PictureLoading pictures) : IRowSources
    {
        public PictureLoading Pictures => pictures;
        public Task<IDiffusionModel> ModelAsync(RowMemory row, string id, int device) => Task.FromResult<IDiffusionModel>(model());
        public Task<Upscaler> UpscalerAsync(RowMemory row, string id, int device) =>
            upscalers is null ? Task.FromException<Upscaler>(new KeyNotFoundException(id)) : Task.FromResult(upscalers.Upscaler);
    }

    private sealed class OneModel(ScriptedModel model) : IModelDirectory
    {
        public IReadOnlyList<ModelDescription> All => [model.Description];
        public ModelDescription? Default => model.Description;
        public ModelDescription? Find(string id) => id == model.Description.Id ? model.Description : null;
        public ModelStatus StatusOf(string id) => new(ModelState.Ready, null, model.ContentHash);
    }
}

/// <summary>Counts what the executors of all workers are given.</summary>
internal sealed class CallCounter
{
    private int calls;

    /// <summary>Batches so far, of any network.</summary>
    public int Calls => calls;

    /// <summary>An executor for one worker.</summary>
    public IStepExecutor Executor() => new Counting(this);

    private sealed class Counting(CallCounter counter) : IStepExecutor
    {
        private readonly StepExecutor executor = new();

        public StepResult Run(Batch batch, IStageTable stages)
        {
            Interlocked.Increment(ref counter.calls);
            return executor.Run(batch, stages);
        }
    }
}

/// <summary>Meters that nobody reads.</summary>
internal sealed class Meters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose() { }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public void Move(TimeSpan by) => now += by;

    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>Measures by a hand clock too.</summary>
internal sealed class HandTimestamps(HandClock clock) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => clock.GetUtcNow().UtcTicks;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();
}

/// <summary>A log that shows what a test would otherwise hide: exceptions go to the test's output.</summary>
internal sealed class FailingLog<T> : Microsoft.Extensions.Logging.ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

    public void Log<TState>(
        Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{formatter(state, exception)} {exception}");
}

internal static class SentFiles
{
    /// <summary>Keeps a file that there must be room for; its id.</summary>
    public static async Task<string> SendAsync(this IInputStore inputs, ReadOnlyMemory<byte> file, CancellationToken cancellation) =>
        Assert.IsType<InputAdded.Stored>(await inputs.AddAsync(file, cancellation)).Id;
}

/// <summary>How tests wait for the engine: with an end, and going on off the device's threads, which a test may dispose of.</summary>
internal static class SignalWaiting
{
    public static async Task WaitAsync(this AsyncSignal signal, TimeSpan atMost, CancellationToken cancellation)
    {
        await using var late = new Timer(static woken => ((AsyncSignal)woken!).Set(), signal, atMost, Timeout.InfiniteTimeSpan);
        await using var cancelled = cancellation.Register(signal.Set);
        await signal;
        await Task.Yield();
        cancellation.ThrowIfCancellationRequested();
    }
}

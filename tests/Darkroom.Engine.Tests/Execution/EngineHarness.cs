using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Execution.Pictures;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Models.Catalog;
using Darkroom.Models.Families;
using Darkroom.Storage.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>The whole engine on a scripted model and a clock that tests move: ticked by hand, or run to the end.</summary>
internal sealed class EngineHarness : IDisposable
{
    private readonly DeviceWorker device;

    public EngineHarness(ScriptedModel? model = null, EngineOptions? options = null, Models.Upscaling.Upscaler? upscaler = null)
    {
        Model = model ?? new ScriptedModel();
        Options = options ?? new EngineOptions();
        var directory = new OneModel(Model);
        Store = new MemoryJobStore(Options.MaxQueued);
        Artifacts = new MemoryArtifactStore(new RandomIds(), 64 << 20);
        Signal = new AsyncSignal();
        Lifetime = new EngineLifetime();
        var delivery = new Delivery(Artifacts, Signal, new FailingLog<Delivery>());
        Inputs = new MemoryInputStore(new RandomIds(), 64 << 20);
        var pictures = new PictureLoading(Inputs, Decoded);
        Flight = new Flight(Store, directory, delivery, new RowPreparation(), pictures, new OneUpscaler(upscaler), Signal, Clock, NullLogger<Flight>.Instance);
        device = new DeviceWorker(new ModelStepExecutor());
        Loop = new EngineLoop(Store, Flight, device, Options, Clock);
        Queue = new GenerationQueue(Store, directory, Signal, Options, new RandomIds(), Lifetime, pictures, Clock);
    }

    public ScriptedModel Model { get; }
    public EngineOptions Options { get; }
    public HandClock Clock { get; } = new();
    public MemoryJobStore Store { get; }
    public IArtifactStore Artifacts { get; }
    public MemoryInputStore Inputs { get; }
    public DecodedPictures Decoded { get; } = new();
    public AsyncSignal Signal { get; }
    public EngineLifetime Lifetime { get; }
    public Flight Flight { get; }
    public EngineLoop Loop { get; }
    public IGenerationQueue Queue { get; }

    public async Task<Job> SubmitAsync(GenerationRequest request) =>
        Assert.IsType<Admission.Accepted>(await Queue.SubmitAsync(request, [], TestContext.Current.CancellationToken)).Job;

    public Task<bool> TickAsync(bool claim = true) => Loop.TickAsync(claim, TestContext.Current.CancellationToken).AsTask();

    /// <summary>Ticks until no job is left.</summary>
    public async Task RunAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        do
        {
            if (!await TickAsync() && Flight.Jobs > 0) await Signal.WaitAsync(TimeSpan.FromSeconds(5), cancellation);
        }
        while (Flight.Jobs > 0 || await Store.CountQueuedAsync(cancellation) > 0);
    }

    public async Task<Job> JobAsync(string id) => (await Store.FindAsync(id, TestContext.Current.CancellationToken))!;

    /// <summary>The pictures of a finished job, by their hashes.</summary>
    public async Task<string[]> HashesAsync(string id)
    {
        var job = await JobAsync(id);
        Assert.True(job.State == JobState.Succeeded, $"{job.State}: {job.Failure}");
        return [.. job.Result!.Images.Select(image => image.Sha256)];
    }

    public void Dispose() => device.Dispose();

    private sealed class OneUpscaler(Models.Upscaling.Upscaler? upscaler) : IUpscalerSource
    {
        public Task<Models.Upscaling.Upscaler> GetAsync(string id) =>
            upscaler is null ? Task.FromException<Models.Upscaling.Upscaler>(new KeyNotFoundException(id)) : Task.FromResult(upscaler);
    }

    private sealed class OneModel(ScriptedModel model) : IModelSource, IModelDirectory
    {
        public IReadOnlyList<ModelDescription> All => [model.Description];
        public ModelDescription? Default => model.Description;
        public ModelDescription? Find(string id) => id == model.Description.Id ? model.Description : null;
        public ModelStatus StatusOf(string id) => new(ModelState.Ready, null, model.ContentHash);
        public Task<IDiffusionModel> GetAsync(string id) => Task.FromResult<IDiffusionModel>(model);
    }
}

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    private DateTimeOffset now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    public void Move(TimeSpan by) => now += by;

    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>A log that shows what a test would otherwise hide: exceptions go to the test's output.</summary>
internal sealed class FailingLog<T> : Microsoft.Extensions.Logging.ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

    public void Log<TState>(
        Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{formatter(state, exception)} {exception}");
}

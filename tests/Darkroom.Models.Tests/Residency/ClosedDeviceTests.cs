using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Upscaling;
using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Tests.Residency;

/// <summary>A process must not end while sessions are opened or called: what a device and the pools do before.</summary>
public sealed class ClosedDeviceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_device_is_idle_when_what_it_opened_is_open_and_opens_no_more()
    {
        using var device = new TinyDevice(budget: 1);
        using var go = new ManualResetEventSlim();
        var (a, b) = (device.Part("a", before: () => go.Wait(Cancellation)), device.Part("b"));
        var opening = a.HoldAsync(Cancellation).AsTask();
        var waiting = b.HoldAsync(Cancellation).AsTask();
        var idle = device.Memory.CloseAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        Assert.False(idle.IsCompleted);
        go.Set();
        await idle;
        (await opening).Dispose();
        Assert.Equal(["a"], device.Opened);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => b.HoldAsync(Cancellation).AsTask());
        Assert.Throws<ObjectDisposedException>(() => TinyDevice.Run(a, 1));
    }

    [Fact]
    public async Task A_call_that_runs_is_waited_for()
    {
        using var device = new TinyDevice(budget: 1);
        var part = device.Part("a");
        Task? idle = null;
        TinyDevice.Run(part, 1, during: () =>
        {
            idle = device.Memory.CloseAsync();
            Assert.False(idle.IsCompleted);
        });
        await idle!;
    }

    [Fact]
    public async Task A_second_session_that_is_being_opened_is_waited_for_and_no_other_is_begun()
    {
        using var device = new TinyDevice(budget: 4, threads: 2);
        using var go = new ManualResetEventSlim();
        int openings = 0;
        var (a, b) = (device.Part("a", before: () => { if (Interlocked.Increment(ref openings) == 2) go.Wait(Cancellation); }), device.Part("b"));
        using var one = await a.HoldAsync(Cancellation);
        using var other = await b.HoldAsync(Cancellation);
        a.PrepareNarrow();
        var idle = device.Memory.CloseAsync();
        b.PrepareNarrow();
        b.Invalidate();
        await b.RebuildAsync();
        Assert.False(idle.IsCompleted);
        go.Set();
        await idle;
        Assert.Equal(["a", "b", "a"], device.Opened);
    }

    [Fact]
    public async Task A_pool_that_goes_waits_for_its_loads_and_takes_no_more()
    {
        using var folder = new UpscalersFolder().Write("a.onnx", new TinyGraph()).Write("b.onnx", new TinyGraph());
        var pool = new UpscalerPool(folder.Read(), new ModelHash(), new SessionSettings { Threads = 1 });
        Task<Upscaler>[] loads = [pool.GetAsync("a"), pool.GetAsync("b")];
        await pool.DisposeAsync();
        Assert.All(loads, load => Assert.True(load.IsCompleted));
        Assert.Throws<ObjectDisposedException>(() => { _ = pool.GetAsync("a"); });
    }

    [Fact]
    public async Task Models_that_are_loading_are_waited_for_too()
    {
        using var go = new ManualResetEventSlim();
        var family = new SlowFamily(go);
        var pool = new ModelPool(new ModelCatalog(Path.Combine(TestKit.Repository.Root, "models")), new ModelHash(), [family],
            new SessionSettings { Threads = 1 }, null);
        var load = pool.GetAsync(pool.Default!.Id);
        await family.Begun;
        var gone = pool.DisposeAsync().AsTask();
        Assert.False(gone.IsCompleted);
        Assert.Throws<ObjectDisposedException>(() => { _ = pool.GetAsync("another"); });
        go.Set();
        await gone;
        await Assert.ThrowsAsync<GraphException>(() => load);
    }

    /// <summary>Loads until it is told to fail.</summary>
    private sealed class SlowFamily(ManualResetEventSlim go) : IModelFamily
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public string Name => "stable-diffusion";

        FolderLayout IModelFamily.Layout => new([], "unet");

        bool IModelFamily.Recognises(PipelineIndex index) => true;

        ModelDescription IModelFamily.Describe(FolderContents folder) => folder.Model;

        public Task<IDiffusionModel> LoadAsync(string folder, ModelDescription description, string contentHash, DeviceMemory memory)
        {
            begun.SetResult();
            go.Wait(Cancellation);
            throw new GraphException("told to");
        }
    }
}

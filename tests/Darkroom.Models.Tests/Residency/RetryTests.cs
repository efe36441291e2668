using Darkroom.Models.Catalog;
using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;

namespace Darkroom.Models.Tests.Residency;

/// <summary>Loads that failed, and when they are done again.</summary>
public sealed class RetryTests
{
    private readonly HandTime time = new();
    private readonly List<string> log = [];
    private Exception? failure;

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(OutOfMemoryException))]
    public async Task Load_that_failed_for_a_reason_that_may_pass_is_done_again_after_longer_and_longer_waits(Type reason)
    {
        var table = new LoadTable<Thing>(time);
        failure = (Exception)Activator.CreateInstance(reason)!;
        foreach (double wait in new[] { 1.0, 2, 4, 8, 16, 32, 60, 60, 60 })
        {
            log.Clear();
            var load = Get(table);
            await Assert.ThrowsAsync(reason, () => load.Task);
            time.Move(wait - 0.1);
            Assert.False(table.IsDue(load));
            Assert.Same(load, Get(table));
            time.Move(0.1);
            Assert.True(table.IsDue(load));
            Assert.Equal(["load"], log);
        }
        failure = null;
        Assert.Equal(["load"], log);
        Assert.NotNull(await Get(table).Task);
    }

    [Fact]
    public async Task Broken_graph_stays_broken()
    {
        var table = new LoadTable<Thing>(time);
        failure = new GraphException("it is no graph");
        var load = Get(table);
        await Assert.ThrowsAsync<GraphException>(() => load.Task);
        time.Move(1e6);
        Assert.False(table.IsDue(load));
        Assert.Same(load, Get(table));
    }

    [Fact]
    public async Task File_that_changed_is_loaded_again_and_the_old_one_goes_with_the_last_use_of_it()
    {
        string file = Path.GetTempFileName();
        try
        {
            var table = new LoadTable<Thing>(time);
            Load<Thing> first = Get(table, file), second = Get(table, file);
            Assert.Same(first, second);
            var thing = await first.Task;
            File.WriteAllText(file, "other");
            Assert.Same(first, Get(table, file)); // looked at once a second
            time.Move(1);
            var third = Get(table, file);
            Assert.NotSame(thing, await third.Task);
            foreach (var use in new[] { first, first, first })
            {
                Assert.False(thing.IsDisposed);
                table.End(use);
            }
            Assert.True(thing.IsDisposed);
            table.End(third);
            Assert.False((await third.Task).IsDisposed); // nobody uses it, and it is the one to be had
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Model_whose_copy_was_under_way_is_ready_when_the_file_is_whole()
    {
        using var folder = TestModel.Sd15();
        byte[] whole = File.ReadAllBytes(folder.File("unet/model.onnx"));
        folder.Write("unet/model.onnx", whole[..(whole.Length / 2)]);
        using var pool = PoolOf(folder);
        Assert.Equal((ModelState.Failed, false), (pool.StatusOf("model").State, pool.Find("model")!.Fault is null));
        folder.Write("unet/model.onnx", whole);
        time.Move(2);
        Assert.Null(pool.Find("model")!.Fault);
        Assert.Equal(ModelState.Cold, pool.StatusOf("model").State);
        await pool.GetAsync("model");
        Assert.Equal(ModelState.Ready, pool.StatusOf("model").State);
    }

    [Fact]
    public async Task Model_that_a_file_was_taken_from_is_tried_again_when_it_is_back()
    {
        using var folder = TestModel.Sd15();
        using var pool = PoolOf(folder);
        File.Move(folder.File("tokenizer/merges.txt"), folder.File("away"));
        await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("model"));
        File.Move(folder.File("away"), folder.File("tokenizer/merges.txt"));
        time.Move(2);
        Assert.True(pool.Find("model") is { Fault: null });
        Assert.True(pool.StatusOf("model").IsTriedAgain);
        await pool.GetAsync("model");
        Assert.Equal((ModelState.Ready, false), (pool.StatusOf("model").State, pool.StatusOf("model").IsTriedAgain));
    }

    [Fact]
    public async Task Upscaler_that_was_broken_is_tried_again_when_its_file_changes()
    {
        using var folder = new Upscaling.UpscalersFolder().Write("tiny.onnx", new Upscaling.TinyGraph { Input = [null, 5, null, null] });
        using var pool = new Models.Upscaling.UpscalerPool(folder.Read(), new ModelHash(), [new(new())], time);
        await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("tiny"));
        time.Move(100);
        await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("tiny"));
        folder.Write("tiny.onnx", new Upscaling.TinyGraph { Scale = 4 });
        File.SetLastWriteTimeUtc(Path.Combine(folder.Path, "upscalers", "tiny.onnx"), DateTime.UtcNow.AddHours(1));
        time.Move(1);
        Assert.Equal(4, (await pool.GetAsync("tiny")).Traits.Scale);
        Assert.Equal(ModelState.Ready, pool.StatusOf("tiny").State);
    }

    private ModelPool PoolOf(TestModel folder) => new(
        new ModelCatalog(Path.GetDirectoryName(folder.Path)!), new ModelHash(), Models.Families.ModelFamilies.Create(0), [new(new() { Threads = 1 })],
        null, time);

    private Load<Thing> Get(LoadTable<Thing> table, string? file = null) => table.Get("a", 0, note =>
    {
        lock (log) log.Add("load");
        note(FileStamps.Of(file is null ? [] : [file]));
        return failure is null ? Task.FromResult(new Thing()) : Task.FromException<Thing>(failure);
    }, use: file is not null);

    private sealed class Thing : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}

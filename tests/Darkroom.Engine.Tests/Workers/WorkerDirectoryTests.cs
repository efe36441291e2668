using Darkroom.Engine.Jobs;
using Darkroom.Engine.Workers;
using Darkroom.Models.Catalog;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Workers;

/// <summary>What workers tell of themselves, and what a process makes of it that has no models.</summary>
public sealed class WorkerDirectoryTests
{
    [Fact]
    public void Every_model_of_the_pack_and_of_the_shipped_ones_comes_through_a_card_as_it_was()
    {
        int count = 0;
        foreach (string folder in new[] { ConformancePack.PathOf("pipelines"), Path.Combine(Repository.Root, "models") })
        {
            var models = new ModelCatalog(folder).All.Select(model => new WorkerModel(model, new ModelStatus(ModelState.Ready, null, "hash"))).ToList();
            var card = new WorkerCard { Id = "w", Models = models, DefaultModel = "starter", ProcessBytes = 1L << 40, HeapBytes = 5, MemoryLimitMiB = 7 };
            string text = WorkerJson.Write(card);
            var read = WorkerJson.Read(text);
            Assert.Equal(text, WorkerJson.Write(read));
            Assert.Equal(models.Count, read.Models.Count);
            foreach (var (before, after) in models.Zip(read.Models))
            {
                Assert.Equal(before.Description.Id, after.Description.Id);
                Assert.Equal(before.Description.SamplerConfig, after.Description.SamplerConfig);
                Assert.Equal(before.Description.Defaults, after.Description.Defaults);
                Assert.Equal(before.Description.FixedSize, after.Description.FixedSize);
                Assert.Equal(before.Description.Fault, after.Description.Fault);
                Assert.Equal(before.Description.Parts, after.Description.Parts);
                Assert.Equal(before.Description.TextEncoders, after.Description.TextEncoders);
                count++;
            }
        }
        Assert.True(count > 5, $"Only {count} models were seen.");
    }

    [Fact]
    public void Text_that_is_no_card_is_told_as_such_and_a_later_versions_words_are_passed_over()
    {
        Assert.Throws<FormatException>(() => WorkerJson.Read("{"));
        Assert.Throws<FormatException>(() => WorkerJson.Read("{\"models\":[]}"));
        Assert.Equal("a", WorkerJson.Read("{\"id\":\"a\",\"later\":{\"x\":[1]}}").Id);
    }

    [Fact]
    public void ControlNets_of_all_workers_are_listed_and_a_job_waits_for_one_that_has_its()
    {
        var directory = new WorkerDirectory();
        var broken = Card("one", "a", ("a", ModelState.Ready)) with { ControlNets = [new() { Id = "edges", Fault = "cut off" }] };
        var whole = WorkerJson.Read(WorkerJson.Write(Card("two", "b", ("b", ModelState.Ready)) with
        {
            ControlNets = [new() { Id = "edges", Base = "stable-diffusion-1", TextWidth = 768 }, new() { Id = "lines" }],
        }));
        directory.Show([broken, whole]);
        IControlNetDirectory nets = directory;
        Assert.Equal(["edges", "lines"], nets.All.Select(net => net.Id));
        Assert.Equal((768, "stable-diffusion-1", null), (nets.Find("edges")!.TextWidth, nets.Find("edges")!.Base, nets.Find("edges")!.Fault));
        Assert.Null(nets.Find("other"));
        ControlOrder lines = new() { Model = "lines", Picture = new("", 8, 8) };
        Assert.True(directory.CanMake(Requests.Plain with { Model = "b", Controls = [lines] }));
        Assert.False(directory.CanMake(Requests.Plain with { Model = "a", Controls = [lines] }));
    }

    [Fact]
    public void Model_of_several_workers_stands_where_it_can_be_used_soonest_and_the_default_is_what_most_say()
    {
        var directory = new WorkerDirectory();
        directory.Show(
        [
            Card("one", "a", ("a", ModelState.Cold), ("b", ModelState.Failed)), Card("two", "b", ("a", ModelState.Ready), ("b", ModelState.Loading)),
            Card("three", "b", ("c", ModelState.Cold)),
        ]);
        Assert.Equal(["a", "b", "c"], directory.All.Select(model => model.Id));
        Assert.Equal((ModelState.Ready, ModelState.Loading), (directory.StatusOf("a").State, directory.StatusOf("b").State));
        Assert.Equal(("b", 3), (directory.Default!.Id, directory.Workers));
        directory.Show([]);
        Assert.Equal((0, null, null), (directory.All.Count, directory.Default, directory.Find("a")));
    }

    [Fact]
    public void Request_can_be_made_where_one_worker_has_all_of_it()
    {
        var directory = new WorkerDirectory();
        var enlarged = Requests.Plain with { Model = "a", Upscale = new UpscaleOrder("up", 2, 64, 8) };
        directory.Show([Card("one", "a", ("a", ModelState.Cold)), Card("two", "b", ("b", ModelState.Cold)) with { Upscalers = [Upscaler("up")] }]);
        Assert.True(directory.CanMake(Requests.Plain with { Model = "a" }));
        Assert.False(directory.CanMake(enlarged)); // the one has the model, the other the upscaler
        Assert.True(directory.CanMake(enlarged with { Model = "b" }));
        Assert.True(directory.CanMake(enlarged with { Task = GenerationTask.Upscale, Model = "up" }));
        Assert.False(directory.CanMake(Requests.Plain with { Model = "c" }));
    }

    internal static WorkerCard Card(string id, string? defaultModel, params (string Id, ModelState State)[] models) => new()
    {
        Id = id, DefaultModel = defaultModel, ProcessBytes = 8L << 30, HeapBytes = 2L << 30,
        Models = [.. models.Select(one => new WorkerModel(new ModelDescription { Id = one.Id, Title = one.Id }, new ModelStatus(one.State)))],
    };

    private static WorkerUpscaler Upscaler(string id) => new(new UpscalerDescription { Id = id, Title = id }, new ModelStatus(ModelState.Cold));
}

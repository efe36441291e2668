using Darkroom.Models.Pool;

namespace Darkroom.Models.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly string models = Directory.CreateTempSubdirectory("darkroom-models-").FullName;

    public void Dispose() => Directory.Delete(models, recursive: true);

    private void Add(string relative) => TestModel.Copy(TestModel.SourceOf("sd15-tiny"), Path.Combine(models, relative));

    private string[] Ids() => [.. new ModelCatalog(models).All.Select(model => model.Id)];

    [Fact]
    public void A_path_that_does_not_exist_has_no_models()
    {
        var catalog = new ModelCatalog(Path.Combine(models, "nowhere"));
        Assert.Empty(catalog.All);
        Assert.Null(catalog.DefaultModel(null));
        Assert.Null(catalog.Find("starter"));
    }

    [Fact]
    public void Models_are_found_at_any_depth_and_sorted_by_id()
    {
        Add("zebra");
        Add("a/b/c/deep");
        Add("Big");
        Assert.Equal(["Big", "deep", "zebra"], Ids());
    }

    [Fact]
    public void Models_of_one_name_are_told_apart_by_their_paths()
    {
        Add("old/sd");
        Add("new/er/sd");
        Add("sd");
        Add("other");
        Assert.Equal(["new--er--sd", "old--sd", "other", "sd"], Ids());
        var catalog = new ModelCatalog(models);
        Assert.Equal(Path.Combine(models, "new", "er", "sd"), catalog.FolderOf("new--er--sd"));
        Assert.Equal("sd", catalog.Find("old--sd")!.Title);
    }

    [Fact]
    public void A_folder_named_like_anothers_path_does_not_hide_it()
    {
        Add("a/b");
        Add("c/b");
        Add("a--b");
        Assert.Equal(["a--b", "a--b~", "c--b"], Ids());
        Assert.Equal(Path.Combine(models, "a--b"), new ModelCatalog(models).FolderOf("a--b"));
    }

    [Fact]
    public void Upscalers_and_what_lies_inside_a_model_are_no_models()
    {
        Add("upscalers/x");
        Add("sd/unet/inner");
        TestModel.Copy(TestModel.SourceOf("sd15-tiny"), Path.Combine(models, "sd"));
        Add("more/upscalers/y"); // only the folder at the top is another kind's
        Assert.Equal(["sd", "y"], Ids());
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        Add("group/sd");
        Directory.CreateSymbolicLink(Path.Combine(models, "group", "up"), models);
        Directory.CreateSymbolicLink(Path.Combine(models, "group", "self"), "self");
        Directory.CreateSymbolicLink(Path.Combine(models, "group", "gone"), "nothing/here");
        Assert.Equal(["sd"], Ids());
    }

    [Fact]
    public void A_link_to_a_model_elsewhere_is_a_model_and_a_second_name_is_not()
    {
        string elsewhere = Directory.CreateTempSubdirectory("darkroom-elsewhere-").FullName;
        try
        {
            TestModel.Copy(TestModel.SourceOf("sd15-tiny"), Path.Combine(elsewhere, "real"));
            Add("sd");
            Directory.CreateSymbolicLink(Path.Combine(models, "linked"), Path.Combine(elsewhere, "real"));
            Directory.CreateSymbolicLink(Path.Combine(models, "again"), Path.Combine(models, "sd"));
            Assert.Equal(["linked", "sd"], Ids());
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public void A_cache_of_the_hub_gives_names_that_people_can_read()
    {
        string first = Snapshot("0123456789abcdef0123456789abcdef01234567");
        Directory.CreateSymbolicLink(Path.Combine(models, "linked"), first);
        var catalog = new ModelCatalog(models);
        Assert.Equal(("acme--tiny", "acme--tiny", null), (catalog.All.Single().Id, catalog.All.Single().Title, catalog.All.Single().Fault));
        Snapshot("fedcba9876543210fedcba9876543210fedcba98");
        Assert.Equal(["acme--tiny--0123456", "acme--tiny--fedcba9"], Ids());
        Assert.Equal("acme--tiny", new ModelCatalog(first).All.Single().Id);
    }

    [Fact]
    public void A_link_to_a_snapshot_of_the_hub_is_a_model_that_opens()
    {
        string snapshot = Snapshot("0123456789abcdef0123456789abcdef01234567"), elsewhere = Directory.CreateTempSubdirectory("darkroom-links-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(elsewhere, "linked"), snapshot);
            Assert.Equal(("linked", null), (new ModelCatalog(elsewhere).All.Single().Id, new ModelCatalog(elsewhere).All.Single().Fault));
            ModelFolder.Load(Path.Combine(elsewhere, "linked"), new Models.Sessions.SessionSettings { Threads = 1 }).Dispose();
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    /// <summary>A folder as the hub's cache has them: every file is a relative link to a blob beside the snapshots.</summary>
    private string Snapshot(string revision)
    {
        string repository = Path.Combine(models, "hub", "models--acme--tiny"), snapshot = Path.Combine(repository, "snapshots", revision);
        Directory.CreateDirectory(Path.Combine(repository, "blobs"));
        string source = TestModel.SourceOf("sd15-tiny");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file), link = Path.Combine(snapshot, relative),
                blob = Path.Combine(repository, "blobs", "sha-" + relative.Replace('/', '-'));
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            if (!File.Exists(blob)) File.Copy(file, blob);
            File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, blob));
        }
        return snapshot;
    }

    [Fact]
    public void A_broken_model_is_listed_with_its_fault()
    {
        Add("sd");
        Directory.CreateDirectory(Path.Combine(models, "broken"));
        File.WriteAllText(Path.Combine(models, "broken", "model_index.json"), "{");
        var catalog = new ModelCatalog(models);
        Assert.Equal(["broken", "sd"], catalog.All.Select(model => model.Id));
        Assert.Equal("model_index.json: is not JSON (line 1)", catalog.Find("broken")!.Fault);
    }

    [Fact]
    public void The_default_is_the_configured_one_then_the_starter_then_the_first()
    {
        Add("b");
        Add("a");
        Assert.Equal("a", new ModelCatalog(models).DefaultModel(null)!.Id);
        Add("starter");
        var catalog = new ModelCatalog(models);
        Assert.Equal("starter", catalog.DefaultModel("")!.Id);
        Assert.Equal("b", catalog.DefaultModel("b")!.Id);
        Assert.Null(catalog.DefaultModel("gone"));
    }

    [Fact]
    public void A_snapshot_stays_as_it_is_until_the_next_scan()
    {
        Add("a");
        var catalog = new ModelCatalog(models);
        var before = catalog.All;
        Add("b");
        Assert.Same(before, catalog.All);
        catalog.Rescan();
        Assert.Equal(["a", "b"], catalog.All.Select(model => model.Id));
        Assert.Equal(["a"], before.Select(model => model.Id));
    }

    [Fact]
    public void A_models_path_that_is_itself_a_model_has_that_one()
    {
        var catalog = new ModelCatalog(TestModel.Starter + "/");
        Assert.Equal(["starter"], catalog.All.Select(model => model.Id));
    }
}

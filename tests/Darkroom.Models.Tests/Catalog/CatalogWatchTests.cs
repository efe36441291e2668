using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>Models that come, go and change while the server runs.</summary>
public sealed class CatalogWatchTests : IDisposable
{
    private readonly string models = Directory.CreateTempSubdirectory("darkroom-watch-").FullName;

    [Fact]
    public void What_is_added_taken_away_or_replaced_is_seen_at_the_next_look()
    {
        var catalog = new ModelCatalog(models);
        Assert.Equal("-", Look(catalog));

        Copy("one");
        Assert.Equal("changed", Look(catalog));
        Assert.Null(catalog.Find("one")!.Fault);
        Assert.Equal("-", Look(catalog));

        File.WriteAllText(Path.Combine(models, "one", "darkroom.json"), """{ "title": "Another" }""");
        Assert.Equal("changed", Look(catalog));
        Assert.Equal("Another", catalog.Find("one")!.Title);

        Directory.Move(Path.Combine(models, "one"), Path.Combine(models, "two"));
        Assert.Equal("changed, left one", Look(catalog));
        Assert.Equal(["two"], catalog.All.Select(model => model.Id));
    }

    [Fact]
    public async Task A_model_that_is_taken_away_stays_with_those_who_work_with_it()
    {
        Copy("one");
        using var pool = new ModelPool(new ModelCatalog(models), new ModelHash(), ModelFamilies.Create(0), new SessionSettings { Threads = 1 }, null);
        using (var use = pool.Use("one", 0))
        {
            var model = await use.Loaded;
            Directory.Move(Path.Combine(models, "one"), models + "-away");
            Assert.True(pool.LookAgain());
            Assert.Null(pool.Find("one"));
            // Its parts are in memory still; one that had been closed would throw.
            foreach (var part in model.Parts)
                using (await part.HoldAsync(TestContext.Current.CancellationToken)) Assert.True(part.IsResident);
            await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("one"));
        }
        Directory.Move(models + "-away", Path.Combine(models, "one"));
        Assert.True(pool.LookAgain());
        Assert.NotNull(await pool.GetAsync("one"));
    }

    public void Dispose() => Directory.Delete(models, recursive: true);

    private static string Look(ModelCatalog catalog)
    {
        var (left, changed) = catalog.LookAgain();
        return (changed ? "changed" : "-") + string.Concat(left.Select(id => ", left " + id));
    }

    private void Copy(string name)
    {
        string source = TestModel.SourceOf("sd15-tiny");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(models, name, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}

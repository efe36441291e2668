using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Catalog;
using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Tests.Upscaling;

public sealed class UpscalerCatalogTests
{
    [Fact]
    public void The_shipped_upscalers_are_whole_licensed_and_have_a_default()
    {
        var catalog = new UpscalerCatalog(UpscalersFolder.Shipped);
        Assert.Subset(catalog.All.Select(one => one.Id).ToHashSet(),
            new HashSet<string> { "realesr-animevideov3-x2", "realesr-animevideov3-x4", "realesrgan-x4plus-anime" });
        Assert.All(catalog.All, one => Assert.Equal((null, "BSD-3-Clause"), (one.Fault, one.Licence)));
        var model = catalog.Default!;
        Assert.Equal(("realesr-animevideov3-x4", 4, 256, 20, 18), (model.Id, model.Scale, model.Tile, model.Overlap, model.Radius));
        Assert.Equal(32, catalog.Find("realesrgan-x4plus-anime")!.Overlap);
        Assert.Contains("Redistribution and use", File.ReadAllText(Path.Combine(UpscalersFolder.Shipped, "upscalers", "LICENSE")));
    }

    [Fact]
    public void A_file_alone_is_an_upscaler_with_the_defaults()
    {
        using var folder = new UpscalersFolder().Write("mine.v2.onnx", new TinyGraph()).Write("notes.txt", "no upscaler");
        var one = Assert.Single(folder.Read().All);
        Assert.Equal(new UpscalerDescription { Id = "mine.v2", Title = "mine.v2", Bytes = one.Bytes }, one);
        Assert.Equal((null, 256, 32, (string?)null), (one.Scale, one.Tile, one.Overlap, one.Fault));
    }

    [Fact]
    public void The_card_beside_it_wins_over_what_the_file_says()
    {
        using var folder = new UpscalersFolder()
            .Write("a.onnx", new TinyGraph
                { Properties = new Dictionary<string, string> { ["name"] = "From the file", ["licence"] = "MIT", ["scale"] = "2", ["tile_overlap"] = "10" } })
            .Write("a.json", """{ "title": "From the card", "overlap": 12, "tile": 128, "notes": "n" }""");
        var one = folder.Read().Find("a")!;
        Assert.Equal(("From the card", "MIT", 2, 128, 12, "n", null), (one.Title, one.Licence, one.Scale, one.Tile, one.Overlap, one.Notes, one.Fault));
    }

    [Theory]
    [InlineData("""{ "scale": 4 }""", "a.json: scale: is not a key of this file; known are title, licence, tile, overlap, notes, precision")]
    [InlineData("""{ "tile": 8 }""", "a.json: tile: 8 is below 16")]
    [InlineData("""{ "overlap": "20" }""", "a.json: overlap: expected a whole number, found the text \"20\"")]
    [InlineData("""{ "tile": 64, "tile": 65 }""", "a.json: is not JSON, or holds a key twice")]
    [InlineData("[]", "a.json: expected a JSON object, found a list of 0")]
    public void Faults_of_a_card_name_file_and_key(string card, string fault)
    {
        using var folder = new UpscalersFolder().Write("a.onnx", new TinyGraph()).Write("a.json", card);
        Assert.Equal(fault, folder.Read().Find("a")!.Fault);
    }

    [Fact]
    public void Faults_of_a_file_are_told_without_opening_it()
    {
        using var folder = new UpscalersFolder()
            .Write("cut.onnx", new TinyGraph().ToBytes()[..^9]).Write("empty.onnx", "").Write("picture.onnx", "not a graph at all")
                .Write("far.onnx", OnnxBytes.WithExternalData("../w", 0, 4))
            .Write("pointer.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n")
                .Write("split.onnx", OnnxBytes.WithExternalData("w.bin", 0, 4));
        var faults = folder.Read().All.ToDictionary(one => one.Id, one => one.Fault);
        Assert.StartsWith("cut.onnx: is", faults["cut"]);
        Assert.Equal("empty.onnx: the file is empty", faults["empty"]);
        Assert.Equal("picture.onnx: is not an ONNX graph", faults["picture"]);
        Assert.Equal("far.onnx: keeps weights in '../w', which is not a file beside it", faults["far"]);
        Assert.Contains("Git LFS pointer", faults["pointer"]);
        Assert.Equal("w.bin: the file is missing (split.onnx keeps its weights in it)", faults["split"]);
        Assert.Null(folder.Read().Default);
    }

    [Fact]
    public void Weights_beside_a_graph_are_part_of_its_hash_and_names_alone_are_not()
    {
        var hash = new ModelHash();
        using var folder = new UpscalersFolder().Write("a.onnx", OnnxBytes.WithExternalData("w.bin", 0, 4)).Write("w.bin", "1234")
            .Write("b.onnx", new TinyGraph()).Write("c.onnx", new TinyGraph());
        string path = Path.Combine(folder.Path, "upscalers"), before = hash.OfFiles(path, UpscalerFile.FilesOf(path, "a"));
        Assert.Equal(["a.onnx", "w.bin"], UpscalerFile.FilesOf(path, "a"));
        folder.Write("w.bin", "12345");
        Assert.NotEqual(before, hash.OfFiles(path, UpscalerFile.FilesOf(path, "a")));
        Assert.Equal(hash.OfFiles(path, ["b.onnx"]), hash.OfFiles(path, ["c.onnx"]));
    }

    [Fact]
    public void No_folder_is_no_upscalers()
    {
        var catalog = new UpscalerCatalog(Path.Combine(Path.GetTempPath(), "darkroom-no-such-folder"));
        Assert.Empty(catalog.All);
        Assert.Null(catalog.Default);
        Assert.Null(catalog.Find("x"));
    }

    /// <summary>A load that ended between two looks at it was once taken for a failed one without a reason.</summary>
    [Fact]
    public async Task State_can_be_asked_for_at_the_very_end_of_a_load()
    {
        using var folder = new UpscalersFolder().Write("a.onnx", new TinyGraph());
        for (int i = 0; i < 30; i++)
        {
            using var pool = new UpscalerPool(folder.Read(), new ModelHash(), new SessionSettings { Threads = 1 });
            var load = pool.GetAsync("a");
            ModelState state;
            while ((state = pool.StatusOf("a").State) != ModelState.Ready) Assert.Equal(ModelState.Loading, state);
            await load;
        }
    }

    [Fact]
    public async Task Upscalers_are_loaded_once_when_asked_for_and_their_scale_is_known_then()
    {
        using var folder = new UpscalersFolder().Write("a.onnx", new TinyGraph()).Write("b.onnx", new TinyGraph { Inputs = 2 }).Write("c.onnx", "");
        using var pool = new UpscalerPool(folder.Read(), new ModelHash(), new SessionSettings { Threads = 1 });
        var loaded = new List<string>();
        pool.Loaded += (id, _, failure) => { lock (loaded) loaded.Add($"{id} {failure is null}"); };
        Assert.Equal((ModelState.Cold, null), (pool.StatusOf("a").State, pool.Find("a")!.Scale));
        var upscalers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.GetAsync("a")));
        Assert.All(upscalers, one => Assert.Same(upscalers[0], one));
        Assert.Equal((ModelState.Ready, 2), (pool.StatusOf("a").State, pool.Find("a")!.Scale));
        string own = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(folder.Path, "upscalers",
            "a.onnx"))));
        Assert.Equal((own, own), (upscalers[0].ContentHash, pool.StatusOf("a").ContentHash));
        await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("b"));
        Assert.Equal(ModelState.Failed, pool.StatusOf("b").State);
        Assert.Contains("takes picture, more1", pool.StatusOf("b").Reason);
        Assert.Equal(ModelState.Failed, pool.StatusOf("c").State);
        await Assert.ThrowsAsync<GraphException>(() => pool.GetAsync("d"));
        Assert.Equal(["a True", "b False"], loaded);
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => { _ = pool.GetAsync("a"); });
        Assert.Throws<ObjectDisposedException>(() => upscalers[0].RunTiles(1, 1, [new TileBuffers(new float[3], new float[12])]));
    }
}

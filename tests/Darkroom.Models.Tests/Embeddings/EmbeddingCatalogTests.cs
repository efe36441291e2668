using System.Security.Cryptography;
using Darkroom.Models.Catalog;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;
using Darkroom.Models.Tests.Residency;

namespace Darkroom.Models.Tests.Embeddings;

/// <summary>Files of textual inversions as people have them, and as somebody might make them up.</summary>
public sealed class EmbeddingCatalogTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("darkroom-embeddings-").FullName;
    private readonly HandTime time = new();

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void All_forms_are_read()
    {
        Write("a1111", file => file.Add("emb_params", [3, 4], Numbers(12)));
        Write("diffusers", file => file.Add("<toy>", [4], Numbers(4)));
        Write("several", file => file.Add("<cat>", [2, 4], Numbers(8)));
        Write("pair", file => file.Add("clip_g", [2, 6], Numbers(12)).Add("clip_l", [2, 4], Numbers(8)));
        Write("trainer", file => file.Add("text_encoders_0", [4], Numbers(4)).Add("text_encoders_1", [6], Numbers(6)));
        Write("half", file => file.Add("emb_params", "F16", [1, 2], [0, 0x3C, 0, 0xC0]));
        var catalog = Catalog();
        Assert.All(catalog.All, one => Assert.Null(one.Fault));
        Assert.Equal(
            [("a1111", null, 3, "4"), ("diffusers", "<toy>", 1, "4"), ("half", null, 1, "2"), ("pair", null, 2, "4 6"), ("several", "<cat>", 2, "4"),
                ("trainer", null, 1, "4 6")],
            catalog.All.Select(one => (one.Id, one.Token, one.Vectors, string.Join(' ', one.Widths))));
        var pair = catalog.Load("pair", null);
        Assert.Equal((2, 8, 12), (pair.Count, pair.Vectors[0].Length, pair.Vectors[1].Length));
        Assert.Equal([1f, -2f], catalog.Load("half", null).Vectors[0]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf("pair")))), pair.Hash);
        Assert.All(catalog.All, one => Assert.Equal(one.Hash, catalog.Load(one.Id, one.Hash).Hash));
    }

    [Theory]
    [InlineData("F32", "emb_params", 0, 4, "it is no textual inversion: 'emb_params' is [0, 4] where a vector, or a few of them, are expected")]
    [InlineData("F32", "emb_params", 76, 1, "it has 76 vectors, and 75 fit in a text at most")]
    [InlineData("F32", "emb_params", 1, 16385, "it is no textual inversion: 'emb_params' is [1, 16385] where a vector, or a few of them, are expected")]
    [InlineData("I32", "emb_params", 1, 4, "it has 'emb_params' of type I32 where floating point is needed")]
    [InlineData("F32", "clip_g", 1, 4, "it has one of 'clip_l' and 'clip_g' without the other")]
    [InlineData("F32", " ", 1, 4, "it names the token ' ', which no prompt can have")]
    [InlineData("F32", "a\nb", 1, 4, "it names the token 'a?b', which no prompt can have")]
    public void What_is_wrong_is_said(string type, string name, int rows, int width, string fault)
    {
        Write("wrong", file => file.Add(name, type, [rows, width], new byte[4 * rows * width]));
        Assert.Equal(fault, Assert.Single(Catalog().All).Fault);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Values_that_are_not_finite_are_refused(float value)
    {
        Write("sick", file => file.Add("clip_l", [1, 2], 1, 2).Add("clip_g", [1, 2], 3, value));
        var catalog = Catalog();
        Assert.Equal("it has values in 'clip_g' that are not finite", Assert.Single(catalog.All).Fault);
        Assert.Equal("textual inversion 'sick' cannot be used: it has values in 'clip_g' that are not finite",
            Assert.Throws<GraphException>(() => catalog.Load("sick", null)).Message);
    }

    [Fact]
    public void Pairs_of_different_numbers_and_files_of_other_kinds_are_refused()
    {
        Write("uneven", file => file.Add("clip_l", [3, 2], Numbers(6)).Add("clip_g", [2, 2], Numbers(4)));
        Write("lora", file => file.Add("lora_unet_a.lora_up.weight", [1, 2], 1, 2).Add("lora_unet_a.lora_down.weight", [2, 1], 1, 2));
        File.WriteAllBytes(PathOf("hostile"), [255, 255, 255, 255, 255, 255, 255, 255, 1]);
        File.WriteAllBytes(PathOf("large"), new byte[(16 << 20) + 1]);
        Assert.Equal(
            ["it is no safetensors file: its header would be 18446744073709551615 bytes long, at most 100000000 are read",
                "it is 16777217 bytes long, and no textual inversion is longer than 16777216",
                "it is no textual inversion: it has 2 tensors, where one, or clip_l and clip_g, are expected",
                "it has 3 vectors in 'clip_l' and 2 in 'clip_g'"],
            Catalog().All.Select(one => one.Fault));
    }

    [Fact]
    public void Pickles_are_listed_and_never_read()
    {
        Write("toy", file => file.Add("emb_params", [1, 2], 1, 2));
        foreach (string name in (string[])["toy.pt", "old.pt", "learned.bin"]) File.WriteAllText(Path.Combine(root, "embeddings", name), "not read");
        var all = Catalog().All;
        Assert.Equal(["learned", "old", "toy", "toy.pt"], all.Select(one => one.Id));
        Assert.All(all.Where(one => one.Id != "toy"), one => Assert.StartsWith("it is a pickle, which can run any program", one.Fault));
        Assert.Null(all[2].Fault);
    }

    [Fact]
    public void Files_come_change_and_go_while_it_is_asked()
    {
        var catalog = Catalog();
        Assert.Empty(catalog.All);
        Write("toy", file => file.Add("emb_params", [1, 2], 1, 2));
        Assert.Empty(catalog.All); // looked a moment ago
        time.Move(1.1);
        string first = Assert.Single(catalog.All).Hash!;
        Write("toy", file => file.Add("emb_params", [2, 2], 1, 2, 3, 4));
        time.Move(1.1);
        var now = Assert.Single(catalog.All);
        Assert.Equal(2, now.Vectors);
        Assert.NotEqual(first, now.Hash);
        Assert.Equal(
            "textual inversion 'toy' was changed on disk after it was asked for", Assert.Throws<GraphException>(() => catalog.Load("toy", first)).Message);
        File.Delete(PathOf("toy"));
        time.Move(1.1);
        Assert.Empty(catalog.All);
        Assert.Equal("textual inversion 'toy' is gone", Assert.Throws<GraphException>(() => catalog.Load("toy", null)).Message);
    }

    [Fact]
    public void Files_of_one_name_have_their_paths_as_ids()
    {
        Write("sd/toy", file => file.Add("emb_params", [1, 2], 1, 2));
        Write("xl/toy", file => file.Add("clip_l", [2], 1, 2).Add("clip_g", [2], 1, 2));
        Assert.Equal([("sd--toy", "toy"), ("xl--toy", "toy")], Catalog().All.Select(one => (one.Id, one.FileName)));
    }

    [Theory]
    [InlineData(new[] { 768 }, new[] { 768 }, null)]
    [InlineData(new[] { 768 }, new[] { 0 }, null)]
    [InlineData(new[] { 1024 }, new[] { 768 }, "it has vectors of 1024 channels (stable-diffusion-2), and model 'm' takes 768")]
    [InlineData(new[] { 768 }, new[] { 768, 1280 }, "it has vectors of 768 channels (stable-diffusion-1), and model 'm' takes 768 and 1280")]
    [InlineData(new[] { 768, 1280 }, new[] { 768 }, "it has vectors of 768 and 1280 channels (stable-diffusion-xl), and model 'm' takes 768")]
    public void Widths_must_be_the_models(int[] own, int[] models, string? reason)
    {
        var model = new ModelDescription
        {
            Id = "m", Title = "m", Capabilities = new() { Embeddings = true },
            TextEncoders = [.. models.Select(width => new TextEncoderSize("t", 1, width == 0 ? null : width, null))],
        };
        Assert.Equal(reason, new EmbeddingDescription { Id = "e", Widths = own }.MisfitOf(model));
        var other = model with { Capabilities = new() { Embeddings = false, EmbeddingsReason = "T5 reads its texts too" } };
        Assert.Equal("model 'm' takes none: T5 reads its texts too", new EmbeddingDescription { Id = "e", Widths = own }.MisfitOf(other));
    }

    private EmbeddingCatalog Catalog() => new(root, time);

    private string PathOf(string name)
    {
        string path = Path.Combine(root, "embeddings", name + ".safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    private void Write(string name, Action<WeightsFile> add)
    {
        using var file = new WeightsFile();
        add(file);
        file.Read();
        File.Copy(file.Path, PathOf(name), overwrite: true);
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => i / 8f)];
}

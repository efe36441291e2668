using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Networks;
using Darkroom.Models.Tests.Residency;

namespace Darkroom.Models.Tests.Autoencoders;

/// <summary>What is found below <c>vae</c>, and what is said of it.</summary>
public sealed class AutoencoderCatalogTests : IDisposable
{
    private static readonly ModelDescription Latent = new() { Id = "m", Title = "m", Capabilities = new() { ExtraFields = ["vae"] } };

    private readonly VaeFolder folder = new();
    private readonly HandTime time = new();

    [Fact]
    public void Each_form_is_described_alike()
    {
        folder.AddGraphs("graphs", "sdxl-tiny").AddFolder("folder", "sdxl-tiny").AddFile("file", "sdxl-tiny").AddFile("ldm", "sdxl-tiny", ldm: true);
        var all = Catalog().All;
        Assert.Equal(["file", "folder", "graphs", "ldm"], all.Select(one => one.Id));
        Assert.All(all, one =>
        {
            Assert.Null(one.Fault);
            Assert.Equal((4, 8, 8, true, 0.13025), (one.Channels, one.Factor, one.FinestChannels, one.Encodes, one.Scale!.ScalingFactor));
            Assert.Equal(["vae_decoder", "vae_encoder"], one.Parts.Select(part => part.Name));
            Assert.All(one.Parts, part => Assert.True(part.Bytes > 0));
        });
    }

    [Fact]
    public void Shift_and_sixteen_channels_are_read()
    {
        var one = Assert.Single(Catalog(folder.AddFolder("flux", "flux-tiny")).All);
        Assert.Equal((16, 0.3611, 0.1159), (one.Channels, one.Scale!.ScalingFactor, one.Scale.ShiftFactor));
        Assert.Equal("its latents have 16 channels, and those of model 'm' have 4", one.MisfitOf(Latent));
        Assert.Equal(
            "a cell of its latents is 8 pixels wide, and one of model 'm' is 16", one.MisfitOf(Latent with { LatentChannels = 16, LatentFactor = 16 }));
        Assert.Equal("model 'm' has no latents", one.MisfitOf(Latent with { Capabilities = new() }));
        Assert.Null(one.MisfitOf(Latent with { LatentChannels = 16 }));
    }

    /// <summary>Its shape is read off its tensors, but for the groups of its norms, which these small ones do not have as published ones do.</summary>
    [Fact]
    public void File_without_configuration_takes_the_models_scale_or_says_what_it_needs()
    {
        var bare = Assert.Single(Catalog(folder.AddFile("bare", "sd15-tiny", card: false)).All);
        Assert.Equal("bare.safetensors: has a level of 8 channels, which are no 32 groups as in published autoencoders; bare.darkroom.json beside it can name "
            + "a folder with diffusers' config.json: { \"config\": \"folder\" }", bare.Fault);
        File.WriteAllText(folder.PathOf("bare.darkroom.json"), """{ "config": "../own" }""");
        Directory.CreateDirectory(Path.Combine(folder.Path, "own"));
        File.WriteAllText(Path.Combine(folder.Path, "own", "config.json"),
            """{ "block_out_channels": [8, 8, 8, 8], "norm_num_groups": 4, "layers_per_block": 1 }""");
        var told = Assert.Single(Catalog().All);
        Assert.Equal((null, null), (told.Fault, told.Scale));
        Assert.Equal(0.5, told.In(Latent with { Autoencoder = new() { ScalingFactor = 0.5 } }).Autoencoder.ScalingFactor);
    }

    [Theory]
    [InlineData("""{ "config": "nowhere" }""", "a.darkroom.json: config: there is no such folder with a config.json")]
    [InlineData("""{ "scale": 1 }""", "a.darkroom.json: scale: is not a key of this file; config alone is known")]
    public void Card_that_is_wrong_is_a_fault(string card, string fault)
    {
        folder.AddFile("a", "sd15-tiny");
        File.WriteAllText(folder.PathOf("a.darkroom.json"), card);
        Assert.StartsWith(fault, Assert.Single(Catalog().All).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_autoencoder_is_listed_with_the_reason()
    {
        using var other = new WeightsFile().Add("encoder.layers.0.weight", [1], 1f);
        other.Read();
        Directory.CreateDirectory(folder.PathOf("empty"));
        File.Copy(other.Path, folder.PathOf("taesd.safetensors"));
        folder.AddFolder("cut", "sd15-tiny").AddFolder("pickle", "sd15-tiny").AddGraphs("half", "sd15-tiny");
        string weights = Path.Combine(folder.PathOf("cut"), "diffusion_pytorch_model.safetensors");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..^100]);
        File.Move(Path.Combine(folder.PathOf("pickle"), "diffusion_pytorch_model.safetensors"), Path.Combine(folder.PathOf("pickle"), "model.bin"));
        Directory.Delete(Path.Combine(folder.PathOf("half"), "vae_encoder"), recursive: true);
        var all = Catalog().All.ToDictionary(one => one.Id);
        Assert.Equal(["cut", "half", "pickle", "taesd"], all.Keys);
        Assert.StartsWith("cut/diffusion_pytorch_model.safetensors: ", all["cut"].Fault, StringComparison.Ordinal);
        Assert.Equal("pickle: has no .safetensors file with weights", all["pickle"].Fault);
        Assert.StartsWith("taesd.safetensors: has no tensors of an autoencoder", all["taesd"].Fault, StringComparison.Ordinal);
        Assert.Equal((null, false), (all["half"].Fault, all["half"].Encodes));
    }

    [Fact]
    public void Weight_that_is_missing_is_named()
    {
        folder.AddFolder("a", "sd15-tiny");
        string config = Path.Combine(folder.PathOf("a"), "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"layers_per_block\": 1", "\"layers_per_block\": 2", StringComparison.Ordinal));
        Assert.Contains("resnets.2.norm1.weight' is missing", Assert.Single(Catalog().All).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_come_change_and_go_without_a_restart()
    {
        var catalog = Catalog();
        Assert.Empty(catalog.All);
        folder.AddFolder("a", "sd15-tiny");
        Assert.Empty(catalog.All); // looked at a moment ago
        time.Move(1.1);
        string first = catalog.HashOf("a")!;
        Assert.Equal(0.18215, catalog.Find("a")!.Scale!.ScalingFactor);

        string config = Path.Combine(folder.PathOf("a"), "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("0.18215", "0.5", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(config, DateTime.UtcNow.AddSeconds(5));
        time.Move(1.1);
        Assert.Equal(0.5, catalog.Find("a")!.Scale!.ScalingFactor);
        Assert.NotEqual(first, catalog.HashOf("a"));

        Directory.Delete(folder.PathOf("a"), recursive: true);
        time.Move(1.1);
        Assert.Null(catalog.Find("a"));
        Assert.Null(catalog.HashOf("a"));
    }

    [Fact]
    public async Task One_is_shared_until_its_files_change_and_who_has_it_keeps_it()
    {
        var catalog = Catalog(folder.AddFolder("a", "sd15-tiny"));
        using var pool = new AutoencoderPool(catalog, [new DeviceMemory(new DeviceSpec())], time);
        using var first = pool.Use("a", catalog.HashOf("a"), 0);
        using var second = pool.Use("a", null, 0);
        var before = await first.Loaded;
        Assert.Same(before, await second.Loaded);

        string weights = Path.Combine(folder.PathOf("a"), "diffusion_pytorch_model.safetensors");
        File.Copy(
            Path.Combine(Tests.Catalog.TestModel.SourceOf("sdxl-tiny", "diffusers"), "vae", "diffusion_pytorch_model.safetensors"), weights, overwrite: true);
        File.SetLastWriteTimeUtc(weights, DateTime.UtcNow.AddSeconds(5));
        time.Move(1.1);
        using var third = pool.Use("a", null, 0);
        Assert.NotEqual(before.ContentHash, (await third.Loaded).ContentHash);
        using var asked = pool.Use("a", before.ContentHash, 0);
        var gone = await Assert.ThrowsAsync<GraphException>(() => asked.Loaded);
        Assert.Equal("autoencoder 'a' was changed on disk after it was asked for", gone.Message);
        using var none = pool.Use("b", null, 0);
        Assert.Equal("there is no autoencoder 'b'", (await Assert.ThrowsAsync<GraphException>(() => none.Loaded)).Message);
    }

    private AutoencoderCatalog Catalog(VaeFolder? _ = null) => new(folder.Path, new ModelHash(), time);

    public void Dispose() => folder.Dispose();
}

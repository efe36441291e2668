using System.Buffers.Binary;
using System.Text.Json;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Files;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Networks;
using Darkroom.Models.Networks.UNets;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
using Darkroom.Models.Tests.Residency;
using Darkroom.TestKit;
using Darkroom.TestKit.Checkpoints;
using Net = Darkroom.Models.Networks.UNets.ControlNet;

namespace Darkroom.Models.Tests.ControlNets;

/// <summary>ControlNets as weights: what is recognised, what is refused and why, and what becomes of files that change.</summary>
public sealed class ControlNetFileTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("darkroom-controlnets-").FullName;

    private string Place => Path.Combine(root, ControlNetCatalog.FolderName);

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(PackControlNet.Folder)]
    [InlineData(PackControlNet.File)]
    [InlineData(PackControlNet.OwnNames)]
    [InlineData(PackControlNet.OwnNamesWithPrefix)]
    public void Weights_are_a_ControlNet_by_their_name(string form)
    {
        PackControlNet.Place(root, "edges", form);
        var found = Assert.Single(new ControlNetCatalog(root).All);
        Assert.Equal(("edges", 32, true, null), (found.Id, found.TextWidth, found.TimestepPerRow, found.Fault));
        Assert.InRange(found.Bytes, 250_000, 350_000); // 70 thousand weights in float32
    }

    [Theory]
    [InlineData(768, "stable-diffusion-1", 361_279_120)]
    [InlineData(1024, "stable-diffusion-2", 364_228_240)]
    [InlineData(2048, "stable-diffusion-xl", 1_251_014_160)]
    public void Published_sizes_need_nothing_beside_the_file(int text, string family, long weights)
    {
        Directory.CreateDirectory(Place);
        SparseCheckpoint.Write(Path.Combine(Place, "prefixed.safetensors"), PublishedTensors.ControlNet(text));
        SparseCheckpoint.Write(Path.Combine(Place, "bare.safetensors"), PublishedTensors.ControlNet(text, prefix: ""));
        SparseCheckpoint.Write(Path.Combine(Place, "diffusers.safetensors"), NeededBy(PublishedShape(text)));
        var all = new ControlNetCatalog(root).All;
        Assert.Equal(["bare", "diffusers", "prefixed"], all.Select(one => one.Id));
        Assert.All(all, one => Assert.Equal((family, text, 4 * weights, null), (one.Base, one.TextWidth, one.Bytes, one.Fault)));
    }

    [Theory]
    [InlineData("lora_controlnet", "is a Control-LoRA, which is a ControlNet only together with the weights of its U-Net: it cannot be used")]
    [InlineData("body.0.resnets.0.block1.weight", "is a T2I adapter: it cannot be used")]
    [InlineData("adapter.body.0.resnets.0.block1.weight", "is a T2I adapter: it cannot be used")]
    [InlineData("control_add_embedding.linear_1.weight", "is a union ControlNet, which is told what kind of picture it is shown: it cannot be used")]
    [InlineData("controlnet_x_embedder.weight", "is a ControlNet for FLUX: it cannot be used")]
    [InlineData("controlnet_blocks.0.weight", "is a ControlNet for Stable Diffusion 3: it cannot be used")]
    [InlineData("lllite_unet_input_blocks_4_1.depth", "is a ControlNet-LLLite, which changes the U-Net's own layers: it cannot be used")]
    [InlineData("ip_adapter.1.to_k_ip.weight", "is an IP adapter: it cannot be used")]
    [InlineData("lora_unet_down.lora_up.weight", "is a LoRA, which belongs in the folder loras: it cannot be used")]
    [InlineData("model.diffusion_model.input_blocks.0.0.weight", "is a whole checkpoint, which belongs in the models folder itself")]
    [InlineData("down_blocks.0.resnets.0.conv1.weight", "is a U-Net, not a ControlNet")]
    [InlineData("anything", "has tensors of no ControlNet that is known")]
    public void What_only_looks_like_one_is_refused_by_name(string tensor, string reason)
    {
        Directory.CreateDirectory(Place);
        SparseCheckpoint.Write(Path.Combine(Place, "x.safetensors"), [(tensor, [2, 2])]);
        Assert.Equal($"x.safetensors: {reason}", new ControlNetCatalog(root).Find("x")!.Fault);
    }

    [Theory]
    [InlineData("FluxControlNetModel", "'FluxControlNetModel', a ControlNet for FLUX: it cannot be used")]
    [InlineData("ControlNetUnionModel", "'ControlNetUnionModel', a union ControlNet, which is told what kind of picture it is shown: it cannot be used")]
    public void A_folder_says_itself_what_it_is(string name, string reason)
    {
        PackControlNet.Place(root, "edges", PackControlNet.Folder);
        string config = Path.Combine(Place, "edges", "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"ControlNetModel\"", $"\"{name}\"", StringComparison.Ordinal));
        Assert.Equal($"edges/config.json: _class_name: {reason}", new ControlNetCatalog(root).Find("edges")!.Fault);
    }

    [Theory]
    [InlineData("x.pth")]
    [InlineData("x.ckpt")]
    public void Pickles_are_refused(string name)
    {
        Directory.CreateDirectory(Place);
        File.WriteAllText(Path.Combine(Place, name), "anything");
        Assert.Equal(
            $"{name}: is a pickle, which can run any program when it is read; it has to be a .safetensors file", new ControlNetCatalog(root).Find("x")!.Fault);
    }

    [Fact]
    public void Sizes_that_no_published_one_has_ask_for_a_configuration()
    {
        PackControlNet.Place(root, "edges", PackControlNet.OwnNames);
        File.Delete(Path.Combine(Place, "edges.darkroom.json"));
        Directory.Delete(Path.Combine(Place, "edges-config"), recursive: true);
        Assert.Equal(
            "edges.safetensors: is a ControlNet whose sizes are those of no published one; edges.darkroom.json beside it can name a folder with diffusers' "
            + "config.json of it: { \"config\": \"folder\" }", new ControlNetCatalog(root).Find("edges")!.Fault);
    }

    [Fact]
    public void Weights_that_are_missing_cut_off_or_too_many_are_named()
    {
        PackControlNet.Place(root, "edges", PackControlNet.File);
        string file = Path.Combine(Place, "edges.safetensors");
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..^100]);
        Assert.StartsWith("edges.safetensors: ", Fault(), StringComparison.Ordinal);
        Assert.Contains("cut off", Fault(), StringComparison.Ordinal);
        File.WriteAllBytes(file, whole);
        PackControlNet.Rename(file, file, name => name == "controlnet_mid_block.bias" ? null : name);
        Assert.Equal("edges.safetensors: weight 'controlnet_mid_block.bias' is missing; [16] is needed", Fault());
        File.WriteAllBytes(file, whole);
        PackControlNet.Rename(file, file, name => name == "controlnet_mid_block.bias" ? "control_blocks.0.weight" : name);
        Assert.Contains("'controlnet_mid_block.bias' is missing", Fault(), StringComparison.Ordinal);

        // Another network's folder of configurations: what nobody would use is no less wrong than what is missing.
        File.WriteAllBytes(file, whole);
        string config = Path.Combine(Place, "edges-config", "config.json");
        var json = JsonSerializer.Deserialize<Dictionary<string, object>>(File.ReadAllText(config))!;
        json["conditioning_embedding_out_channels"] = (int[])[8, 8, 16];
        File.WriteAllText(config, JsonSerializer.Serialize(json));
        Assert.Contains("has weights that no ControlNet that is known has: 'controlnet_cond_embedding.blocks.", Fault(), StringComparison.Ordinal);

        string Fault() => new ControlNetCatalog(root).Find("edges")!.Fault!;
    }

    [Fact]
    public async Task A_weight_that_is_no_number_is_named_when_it_is_opened()
    {
        PackControlNet.Place(root, "edges", PackControlNet.File);
        string file = Path.Combine(Place, "edges.safetensors");
        byte[] bytes = File.ReadAllBytes(file);
        BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(bytes.Length - 2), Half.NaN);
        File.WriteAllBytes(file, bytes);
        using var pool = new ControlNetPool(new ControlNetCatalog(root), new SessionSettings());
        using var use = pool.Use("edges", 0);
        var part = await use.Loaded;
        var failure = await Assert.ThrowsAsync<GraphException>(() => part.HoldAsync(CancellationToken.None).AsTask());
        Assert.Matches("^ControlNet 'edges': edges.safetensors: weight '.+' has values that are not finite$", failure.Message);
    }

    [Fact]
    public async Task A_file_that_is_replaced_stays_for_whom_it_was_and_is_another_for_the_next()
    {
        PackControlNet.Place(root, "edges", PackControlNet.File);
        var time = new HandTime();
        var catalog = new ControlNetCatalog(root);
        using var pool = new ControlNetPool(catalog, [DeviceMemory.Of(new SessionSettings())], time);
        using var before = pool.Use("edges", 0);
        var old = await before.Loaded;
        using (await old.HoldAsync(CancellationToken.None))
        {
            PackControlNet.Place(root, "edges", PackControlNet.OwnNames);
            time.Move(2);
            using var after = pool.Use("edges", 0);
            var now = await after.Loaded;
            Assert.NotSame(old, now);
            Assert.NotEqual(old.Variant, now.Variant); // no call is shared
            Assert.True(old.IsResident);
            using var lease = await now.HoldAsync(CancellationToken.None);
            Assert.True(now.IsResident);
        }
        old.Invalidate();
        var refused = await Assert.ThrowsAsync<GraphException>(old.RebuildAsync); // there is no file for it any more
        Assert.Equal("controlnets/edges was changed on disk after the model was loaded", refused.Message);
    }

    [Fact]
    public void A_change_is_seen_and_what_stays_the_same_is_not_read_again()
    {
        PackControlNet.Place(root, "edges", PackControlNet.File);
        var catalog = new ControlNetCatalog(root);
        Assert.False(catalog.LookAgain());
        PackControlNet.Place(root, "deep/lines", PackControlNet.Folder);
        Assert.True(catalog.LookAgain());
        Assert.Equal(["edges", "lines"], catalog.All.Select(one => one.Id));
        File.WriteAllText(Path.Combine(Place, "edges.safetensors"), "nothing");
        Assert.True(catalog.LookAgain());
        Assert.NotNull(catalog.Find("edges")!.Fault);
        Assert.Null(catalog.Find("lines")!.Fault);
    }

    [Fact]
    public void Names_that_several_share_are_told_apart()
    {
        PackControlNet.Place(root, "edges", PackControlNet.Folder);
        PackControlNet.Place(root, "edges", PackControlNet.OwnNames);
        PackControlNet.Place(root, "deep/edges", PackControlNet.Folder);
        Assert.Equal(["deep--edges", "edges", "edges.safetensors"], new ControlNetCatalog(root).All.Select(one => one.Id).Order(StringComparer.Ordinal));
    }

    private static ControlNetShape PublishedShape(int text) => new(new UNetShape
    {
        Channels = text == 2048 ? [320, 640, 1280] : [320, 640, 1280, 1280],
        Down = text == 2048 ? [[0, 0], [2, 2], [10, 10]] : [[1, 1], [1, 1], [1, 1], [0, 0]],
        Up = [],
        Middle = text == 2048 ? 10 : 1,
        Heads = text == 2048 ? [5, 10, 20] : [8, 8, 8, 8],
        TextWidth = text,
        Added = text == 2048 ? new(1280) : null,
    });

    /// <summary>What a network asks for, in diffusers' names.</summary>
    private static IEnumerable<(string, long[])> NeededBy(ControlNetShape shape)
    {
        NetworkWriter hint = new(GraphTarget.Cpu, new NoWeights(), new FaultList(), "file"),
            main = new(GraphTarget.Cpu, new NoWeights(), new FaultList(), "file");
        Net.WriteHint(shape, hint);
        Net.Write(shape, main);
        return hint.Needed.Concat(main.Needed).Select(one => (one.Key, one.Value.ToArray()));
    }

    /// <summary>None: a writer says all the same what it needs.</summary>
    private sealed class NoWeights : IWeights
    {
        public StoredTensor? Find(string name) => null;
    }
}

using Darkroom.Models.Pool;
using Darkroom.TestKit.Checkpoints;
using Darkroom.TestKit;

namespace Darkroom.Models.Tests.Checkpoints;

/// <summary>Files of weights below the models path: which are models, what they are called, and what is said of those that are none.</summary>
public sealed class CheckpointCatalogTests : IDisposable
{
    private readonly string models = Directory.CreateTempSubdirectory("darkroom-files-").FullName;
    private readonly PackModels files = new();

    [Fact]
    public void A_file_is_a_model_by_its_name_and_the_folder_of_its_configurations_is_none()
    {
        Place("sd15-tiny", "deep/er", "mine");
        var model = Assert.Single(new ModelCatalog(models).All);
        Assert.Equal(("mine", null), (model.Id, model.Fault));
        Assert.Equal(File("deep/er/mine.safetensors"), new ModelCatalog(models).FolderOf("mine"));
    }

    [Fact]
    public void Names_that_several_share_are_told_apart()
    {
        Place("sd15-tiny", "", "mine");
        Write("mine.ckpt", "a pickle");
        Write("other/mine.safetensors", "");
        Directory.CreateDirectory(File("mine"));
        Write("mine/model_index.json", "{}");
        Assert.Equal(["mine", "mine.ckpt", "mine.safetensors", "other--mine"], Ids());
    }

    [Fact]
    public void Folders_of_other_kinds_and_weights_inside_a_model_are_no_models()
    {
        foreach (string folder in (string[])["loras", "embeddings", "vae", "controlnets", "upscalers", "sd/unet"]) Write($"{folder}/x.safetensors", "");
        Write("sd/model_index.json", "{}");
        Assert.Equal(["sd"], Ids());
    }

    [Fact]
    public void A_card_beside_the_file_speaks_for_it()
    {
        Place("sd15-tiny", "", "mine");
        Write("mine.darkroom.json", """{ "config": "configs", "title": "Mine", "max_size": 64, "defaults": { "steps": 7 } }""");
        var model = Assert.Single(new ModelCatalog(models).All);
        Assert.Equal(("Mine", 64, null), (model.Title, model.MaxSize, model.Fault));
        Write("mine.darkroom.json", """{ "config": "configs", "colour": 1 }""");
        Assert.StartsWith("mine.darkroom.json: colour: is not a key of this file; known are config, title", Fault(), StringComparison.Ordinal);
        Write("mine.darkroom.json", """{ "config": "nowhere" }""");
        Assert.Equal("mine.darkroom.json: config: there is no such folder", Fault());
        System.IO.File.Delete(File("mine.darkroom.json"));
        Directory.Delete(File("configs"), recursive: true);
        const string NoConfig = "mine.safetensors: is a stable-diffusion-1 checkpoint whose sizes are those of no published model; "
            + "mine.darkroom.json beside it";
        Assert.StartsWith(NoConfig, Fault(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x.ckpt", "anything", "is a pickle, which can run any program when it is read; it has to be a .safetensors file")]
    [InlineData("x.safetensors", "", "the file is empty")]
    [InlineData("x.safetensors", "PK", "is 2 bytes long, too short for a safetensors file")]
    public void Files_that_cannot_be_used_say_why(string name, string content, string reason)
    {
        Write(name, content);
        Assert.Equal($"{name}: {reason}", Fault());
    }

    [Theory]
    [InlineData("lora_unet_down_blocks_0.lora_down.weight", "is a LoRA, which belongs in the folder loras")]
    [InlineData("emb_params", "is a textual inversion, which belongs in the folder embeddings")]
    [InlineData("controlnet_cond_embedding.conv_in.weight", "is a ControlNet, which belongs in the folder controlnets")]
    [InlineData("model.diffusion_model.double_blocks.0.img_attn.qkv.weight",
        "has blocks as FLUX.1 has them, but not all of its other layers: that model is not known")]
    [InlineData("model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight",
        "has blocks as Stable Diffusion 3 has them, but not all of its other layers: that model is not known")]
    [InlineData("transformer_blocks.0.attn.to_q.weight",
        "is a transformer alone in diffusers' names, which belongs in the folder 'transformer' of a whole model")]
    [InlineData("down_blocks.0.resnets.0.conv1.weight", "is a U-Net alone: a whole checkpoint also has its text encoder and its autoencoder")]
    [InlineData("decoder.up.0.block.0.conv1.weight", "is an autoencoder alone, which belongs in the folder vae")]
    [InlineData("h.0.attn.weight", "has tensors of no model that is known")]
    public void Weights_of_another_kind_are_told_by_their_names(string tensor, string reason)
    {
        SparseCheckpoint.Write(File("x.safetensors"), [(tensor, [4, 4])]);
        Assert.Equal($"x.safetensors: {reason}", Fault());
    }

    [Fact]
    public void A_checkpoint_without_its_text_encoder_says_so()
    {
        SparseCheckpoint.Write(File("x.safetensors"),
            PublishedTensors.StableDiffusion1().Where(one => !one.Name.StartsWith("cond_", StringComparison.Ordinal)));
        Assert.Equal("x.safetensors: has no tensors of the text_encoder (names that begin with conditioner.embedders.0.transformer. or "
            + "cond_stage_model.model. or cond_stage_model.transformer.)", Fault());
    }

    [Fact]
    public void A_link_out_of_the_models_folder_is_refused()
    {
        Place("sd15-tiny", "", "mine");
        string outside = Directory.CreateTempSubdirectory("darkroom-outside-").FullName;
        try
        {
            System.IO.File.Move(File("mine.safetensors"), Path.Combine(outside, "real.safetensors"));
            System.IO.File.CreateSymbolicLink(File("mine.safetensors"), Path.Combine(outside, "real.safetensors"));
            Assert.Equal("mine.safetensors: is a link out of the models folder", Fault());
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Fact]
    public void Ten_thousand_files_are_looked_through_once()
    {
        for (int i = 0; i < 10_000; i++) Write($"many/{i}.safetensors", "");
        Place("sd15-tiny", "", "mine");
        Assert.Equal(10_001, new ModelCatalog(models).All.Count);
    }

    public void Dispose()
    {
        files.Dispose();
        Directory.Delete(models, recursive: true);
    }

    private string? Fault() => Assert.Single(new ModelCatalog(models).All, model => model.Id is "mine" or "x").Fault;

    private IEnumerable<string> Ids() => new ModelCatalog(models).All.Select(model => model.Id);

    private string File(string relative) => Path.Combine(models, relative);

    private void Write(string relative, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(relative))!);
        System.IO.File.WriteAllText(File(relative), content);
    }

    /// <summary>A model of the pack in one file, with the folder of its configurations.</summary>
    private void Place(string family, string folder, string name)
    {
        string source = files.PathOf(family, PackModels.OneFile)!, from = Path.GetDirectoryName(source)!;
        foreach (string path in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = Path.Combine(models, folder, Path.GetRelativePath(from, path).Replace(family, name, StringComparison.Ordinal));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            System.IO.File.Copy(path, to, overwrite: true);
        }
    }
}

using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.TestKit.Checkpoints;

namespace Darkroom.Models.Tests.Checkpoints;

/// <summary>Stable Diffusion 3 and FLUX with the names and sizes of published files: recognised by their tensors, every weight found, none left over.</summary>
public sealed class PublishedTransformerTests : IDisposable
{
    private static readonly string[] Parts = ["transformer", "vae_encoder", "vae_decoder", "text_encoder", "text_encoder_2"];

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-published-").FullName;

    private string File => Path.Combine(folder, "photo.safetensors");

    [Fact]
    public void Stable_diffusion_3_medium_needs_nothing_beside_it()
    {
        SparseCheckpoint.Write(File, PublishedTransformers.StableDiffusion3Medium());
        var model = ModelFolder.Read(File);
        Assert.Equal((null, "stable-diffusion-3", 1024, 16, 16, 8), (model.Fault, model.Family, model.NativeSize, model.SizeStep, model.LatentChannels,
            model.LatentFactor));
        Assert.Equal((4096, "flow_prediction", 3.0, 1.5305, 0.0609), (model.TextWidth, model.Prediction, model.SamplerConfig.Shift,
            model.Autoencoder.ScalingFactor, model.Autoencoder.ShiftFactor));
        Assert.Equal(["text_encoder", "text_encoder_2"], model.TextEncoders.Select(text => text.Name)); // the file has no T5
        Assert.Null(model.TextTokens);
        Assert.DoesNotContain("max_text_tokens", model.Capabilities.ExtraFields);
        PartWriting.AssertAllFound(File, Parts);
    }

    [Fact]
    public void Stable_diffusion_3_5_is_told_by_its_norms_positions_and_second_attention()
    {
        SparseCheckpoint.Write(File, PublishedTransformers.StableDiffusion35Medium());
        Assert.Null(ModelFolder.Read(File).Fault);
        PartWriting.AssertAllFound(File, Parts, Last(23)); // nobody takes the answer to the last block's text

        SparseCheckpoint.Write(File, PublishedTransformers.StableDiffusion35Large());
        var large = ModelFolder.Read(File);
        Assert.Equal((null, 38, 608), (large.Fault, large.Denoiser.AttentionHeads, large.Denoiser.BaseChannels));
        Assert.InRange(large.Parts.Single(part => part.Name == "transformer").Bytes, 32.5e9, 32.8e9); // 8.1 billion weights, and positions, in float32
        PartWriting.AssertAllFound(File, Parts, Last(37));

        static string Last(int block) => $"model.diffusion_model.joint_blocks.{block}.context_block.attn.ln_q.weight";
    }

    [Fact]
    public void T5_in_the_file_needs_a_folder_with_its_tokenizer()
    {
        SparseCheckpoint.Write(File, [.. PublishedTransformers.StableDiffusion3Medium(), .. PublishedTransformers.T5()]);
        const string Needed = "photo.safetensors: has T5, whose tokenizer does not ship: photo.darkroom.json beside it can name a folder with diffusers' "
            + "configurations and tokenizers: { \"config\": \"folder\" }";
        Assert.Equal(Needed, ModelFolder.Read(File).Fault);
        Configure("stable-diffusion-3", "tokenizer", "tokenizer_2", "tokenizer_3");
        var model = ModelFolder.Read(File);
        Assert.Equal((null, 3, 256), (model.Fault, model.TextEncoders.Count, model.TextTokens));
        PartWriting.AssertAllFound(File, [.. Parts, "text_encoder_3"]);
    }

    [Theory]
    [InlineData(true, "flux-1-dev", "model.diffusion_model.")]
    [InlineData(true, "flux-1-dev", "")]
    [InlineData(false, "flux-1-schnell", "model.diffusion_model.")]
    public void Flux_is_told_by_its_layer_for_the_guidance(bool dev, string configs, string prefix)
    {
        SparseCheckpoint.Write(File, PublishedTransformers.Flux(dev, prefix));
        Assert.StartsWith("photo.safetensors: has T5, whose tokenizer does not ship", ModelFolder.Read(File).Fault, StringComparison.Ordinal);
        Configure(configs, "tokenizer", "tokenizer_2");
        var model = ModelFolder.Read(File);
        Assert.Equal((null, "flux", !dev, dev ? 3.0 : 1.0), (model.Fault, model.Family, model.Capabilities.IgnoresGuidance, model.SamplerConfig.Shift));
        Assert.InRange(model.Parts.Single(part => part.Name == "transformer").Bytes, 47.5e9, 47.7e9); // 11.9 billion weights in float32
        PartWriting.AssertAllFound(File, Parts);
    }

    [Fact]
    public void Published_configurations_of_flux_are_those_of_the_file()
    {
        SparseCheckpoint.Write(File, PublishedTransformers.Flux(guidance: true));
        Configure("flux-1-schnell", "tokenizer", "tokenizer_2");
        Assert.Equal("transformer/config.json: guidance_embeds: False, but the file has True", ModelFolder.Read(File).Fault);
    }

    [Fact]
    public void Configurations_of_another_size_are_refused()
    {
        SparseCheckpoint.Write(File, PublishedTransformers.StableDiffusion35Large());
        Configure("stable-diffusion-3", "tokenizer", "tokenizer_2", "tokenizer_3");
        Assert.Equal("transformer/config.json: num_layers: 24, but the file has 38; transformer/config.json: qk_norm: none, but the file has rms_norm",
            ModelFolder.Read(File).Fault);
    }

    [Fact]
    public void A_transformer_alone_names_what_is_missing()
    {
        SparseCheckpoint.Write(File, PublishedTransformers.Flux(guidance: true, prefix: "")
            .Where(one => !one.Name.StartsWith("vae.", StringComparison.Ordinal) && !one.Name.StartsWith("text_encoders.", StringComparison.Ordinal)));
        Assert.Equal("photo.safetensors: has the transformer of a flux-1-dev model, but no text_encoder (names that begin with "
            + "text_encoders.clip_l.transformer.), no text_encoder_2 (names that begin with text_encoders.t5xxl.transformer.), no vae (names that begin with "
            + "first_stage_model. or vae.): all parts have to be in the file; a folder in diffusers' layout can hold each in a file of its own",
            ModelFolder.Read(File).Fault);
    }

    [Fact]
    public void Sizes_of_no_published_model_need_configurations()
    {
        SparseCheckpoint.Write(File, PublishedTransformers.StableDiffusion3Medium()
            .Where(one => !one.Name.Contains("joint_blocks.23.", StringComparison.Ordinal)));
        Assert.StartsWith("photo.safetensors: is a stable-diffusion-3 checkpoint whose sizes are those of no published model", ModelFolder.Read(File).Fault,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_missing_or_of_another_size_is_named_as_it_is_in_the_file()
    {
        const string Missing = "model.diffusion_model.joint_blocks.7.context_block.mlp.fc1.weight",
            Wrong = "model.diffusion_model.joint_blocks.3.x_block.attn.qkv.bias";
        SparseCheckpoint.Write(File, PublishedTransformers.StableDiffusion3Medium().Where(one => one.Name != Missing)
            .Select(one => one.Name == Wrong ? (one.Name, [4605L]) : one));
        Assert.Equal(
            $"photo.safetensors: weight '{Wrong}' (transformer_blocks.3.attn.to_k.bias) is [1535] where [1536] is needed; "
            + $"photo.safetensors: weight '{Wrong}' (transformer_blocks.3.attn.to_v.bias) is [1535] where [1536] is needed; "
            + $"photo.safetensors: weight '{Wrong}' (transformer_blocks.3.attn.to_q.bias) is [1535] where [1536] is needed; "
            + "photo.safetensors: weight 'transformer_blocks.7.ff_context.net.0.proj.weight' is missing; [6144, 1536] is needed",
            PartWriting.FaultsOf(File, "transformer"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>A folder of the published configurations, with tokenizers, and a card that names it.</summary>
    private void Configure(string configs, params string[] tokenizers)
    {
        string source = PublishedConfigs.FolderOf(configs), own = Path.Combine(folder, "configs");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(own, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            System.IO.File.Copy(file, copy);
        }
        foreach (string tokenizer in tokenizers)
        {
            Directory.CreateDirectory(Path.Combine(own, tokenizer));
            System.IO.File.WriteAllText(Path.Combine(own, tokenizer, "tokenizer.json"), "{}");
        }
        System.IO.File.WriteAllText(Path.Combine(folder, "photo.darkroom.json"), """{ "config": "configs" }""");
    }
}

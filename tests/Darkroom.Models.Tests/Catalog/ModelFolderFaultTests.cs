using Darkroom.Models.Pool;

namespace Darkroom.Models.Tests.Catalog;

/// <summary>Every way in which a folder goes wrong is told in plain words that name the file.</summary>
public sealed class ModelFolderFaultTests
{
    private const string Pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";

    [Fact]
    public void No_index() => Assert.Equal("model_index.json: the file is missing", TestModel.Sd15().Delete("model_index.json").Fault());

    [Fact]
    public void No_folder_at_all() =>
        Assert.Equal("model_index.json: the file is missing", Models.Pool.ModelFolder.Read(Path.Combine(Path.GetTempPath(), "darkroom-nothing-here")).Fault);

    [Fact]
    public void Index_that_is_not_json() =>
        Assert.Equal("model_index.json: is not JSON (line 2)", TestModel.Sd15().Write("model_index.json", "{\n oops").Fault());

    [Fact]
    public void Index_that_is_a_list() =>
        Assert.Equal("model_index.json: expected a JSON object, found a list of 1", TestModel.Sd15().Write("model_index.json", "[1]").Fault());

    [Fact]
    public void Empty_index() => Assert.Equal("model_index.json: the file is empty", TestModel.Sd15().Write("model_index.json", "").Fault());

    [Fact]
    public void Index_that_is_a_folder() =>
        Assert.Equal("model_index.json: is a folder, not a file", TestModel.Sd15().Delete("model_index.json").Write("model_index.json/x", "x").Fault());

    [Fact]
    public void Index_in_another_encoding() =>
        Assert.Equal("model_index.json: is not UTF-8 text", TestModel.Sd15().Write("model_index.json", [(byte)'{', 0xFF, 0xFE, (byte)'}']).Fault());

    [Fact]
    public void Half_a_surrogate_pair() =>
        Assert.Equal("model_index.json: holds a text with half of a surrogate pair",
            TestModel.Sd15().Write("model_index.json", """{ "_class_name": "\ud800" }""").Fault());

    [Fact]
    public void Half_a_surrogate_pair_as_a_key() =>
        Assert.Equal("darkroom.json: holds a text with half of a surrogate pair", TestModel.Sd15().Write("darkroom.json", """{ "\udc00": 1 }""").Fault());

    [Fact]
    public void Json_that_nests_for_ever() =>
        Assert.Equal("model_index.json: is not JSON (line 1)", TestModel.Sd15().Write("model_index.json", new string('[', 100_000)).Fault());

    [Fact]
    public void Json_of_17_MiB() =>
        Assert.Equal("unet/config.json: is 17825792 bytes long, at most 16777216 are read",
            TestModel.Sd15().Write("unet/config.json", new byte[17 << 20]).Fault());

    [Fact]
    public void Class_name_of_another_type() =>
        Assert.Equal("model_index.json: _class_name: expected a text, found 7", TestModel.Sd15().Set("model_index.json", "_class_name", "7").Fault());

    [Fact]
    public void Part_that_is_no_pair() =>
        Assert.Equal("model_index.json: unet: expected [library, class], found a list of 3",
            TestModel.Sd15().Set("model_index.json", "unet", """["a", "b", "c"]""").Fault());

    [Fact]
    public void Part_declared_absent() =>
        Assert.Equal("model_index.json: unet: is absent ([null, null]), but pictures cannot be made without it",
            TestModel.Sd15().Set("model_index.json", "unet", "[null, null]").Fault());

    [Theory]
    [InlineData("StableDiffusionXLInstructPix2PixPipeline", "stable-diffusion-xl")]
    [InlineData("ORTStableDiffusion3ControlNetPipeline", "stable-diffusion-3")]
    [InlineData("FluxFillPipeline", "flux")]
    public void Family_that_is_not_built_yet(string name, string family)
    {
        using var folder = TestModel.Sd15().Set("model_index.json", "_class_name", $"\"{name}\"");
        var model = folder.Read();
        Assert.Equal(($"model_index.json: family {family} ({name}) is not supported yet", family), (model.Fault, model.Family));
        Assert.Empty(model.Tasks);
    }

    [Fact]
    public void Family_that_nobody_knows() =>
        Assert.Equal("model_index.json: family FooPipeline is not supported yet", TestModel.Sd15().Set("model_index.json", "_class_name", "\"FooPipeline\"")
            .Fault());

    [Fact]
    public void Second_text_encoder_in_a_folder_that_calls_itself_Stable_Diffusion() =>
        Assert.Equal("model_index.json: text_encoder_2: a part that a Stable Diffusion model with one text encoder does not have",
            TestModel.Sd15().Set("model_index.json", "text_encoder_2", """["transformers", "CLIPTextModelWithProjection"]""").Fault());

    [Theory]
    [InlineData("unet")]
    [InlineData("text_encoder")]
    [InlineData("vae_decoder")]
    public void Missing_graph(string part) =>
        Assert.Equal($"{part}/model.onnx: the file is missing", TestModel.Sd15().Delete(part + "/model.onnx").Fault());

    [Fact]
    public void Broken_safetensors_in_place_of_a_graph() =>
        Assert.Equal("unet/diffusion_pytorch_model.safetensors: is 1 bytes long, too short for a safetensors file",
            TestModel.Sd15().Delete("unet/model.onnx").Write("unet/diffusion_pytorch_model.safetensors", "x").Fault());

    [Fact]
    public void Pickles_in_place_of_a_graph() =>
        Assert.Equal("unet/model.onnx: the file is missing; unet holds weights as a pickle (.bin), which can run any program when it is read: "
            + ".safetensors files are needed", TestModel.Sd15().Delete("unet/model.onnx").Write("unet/diffusion_pytorch_model.bin", "x").Fault());

    [Fact]
    public void Empty_graph() => Assert.Equal("unet/model.onnx: the file is empty", TestModel.Sd15().Write("unet/model.onnx", "").Fault());

    [Fact]
    public void Graph_that_is_a_git_lfs_pointer() =>
        Assert.Equal("unet/model.onnx: is a Git LFS pointer, not the file itself; fetch it with 'git lfs pull'",
            TestModel.Sd15().Write("unet/model.onnx", Pointer).Fault());

    [Fact]
    public void Vocabulary_that_is_a_git_lfs_pointer() =>
        Assert.StartsWith("tokenizer/vocab.json: is a Git LFS pointer", TestModel.Sd15().Write("tokenizer/vocab.json", Pointer).Fault());

    [Fact]
    public void Graph_that_is_a_folder() =>
        Assert.Equal("vae_decoder/model.onnx: is a folder, not a file", TestModel.Sd15().Delete("vae_decoder/model.onnx").Write("vae_decoder/model.onnx/x", "x")
            .Fault());

    [Theory]
    [InlineData("<!DOCTYPE html><html>404</html>")]
    [InlineData("hello, this is no graph")]
    public void Graph_that_is_text(string text) =>
        Assert.Equal("unet/model.onnx: is not an ONNX graph", TestModel.Sd15().Write("unet/model.onnx", text).Fault());

    [Fact]
    public void Graph_that_was_cut_off()
    {
        using var folder = TestModel.Sd15();
        byte[] whole = File.ReadAllBytes(folder.File("unet/model.onnx"));
        string? fault = folder.Write("unet/model.onnx", whole[..(whole.Length / 2)]).Read().Fault;
        Assert.StartsWith($"unet/model.onnx: is cut off: {whole.Length / 2} bytes of ", fault);
        Assert.EndsWith(" are there", fault);
    }

    [Fact]
    public void Optional_encoder_that_was_cut_off()
    {
        using var folder = TestModel.Sd15();
        folder.Write("vae_encoder/model.onnx", File.ReadAllBytes(folder.File("vae_encoder/model.onnx"))[..1000]);
        Assert.StartsWith("vae_encoder/model.onnx: is cut off: 1000 bytes of ", folder.Read().Fault);
    }

    [Fact]
    public void External_weights_that_are_missing() =>
        Assert.Equal("unet/weights.pb: the file is missing (unet/model.onnx keeps its weights in it)",
            TestModel.Sd15().Write("unet/model.onnx", OnnxBytes.WithExternalData("weights.pb", 0, 64)).Fault());

    [Fact]
    public void External_weights_that_were_cut_off() =>
        Assert.Equal("unet/weights.pb: is cut off: 10 bytes of 164 are there",
            TestModel.Sd15().Write("unet/model.onnx", OnnxBytes.WithExternalData("weights.pb", 100, 64)).Write("unet/weights.pb", new byte[10]).Fault());

    [Fact]
    public void External_weights_behind_a_link_out_of_the_part()
    {
        var folder = TestModel.Sd15().Write("unet/model.onnx", OnnxBytes.WithExternalData("weights.pb", 0, 64)).Write("elsewhere", new byte[64]);
        File.CreateSymbolicLink(folder.File("unet/weights.pb"), Path.Combine("..", "elsewhere"));
        Assert.Equal("unet/weights.pb: is a link out of the part's folder", folder.Fault());
    }

    [Theory]
    [InlineData("../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("../unet-other/x")]
    public void External_weights_outside_the_part(string location) =>
        Assert.Equal($"unet/model.onnx: keeps weights in '{location}', which is outside the part's folder",
            TestModel.Sd15().Write("unet/model.onnx", OnnxBytes.WithExternalData(location, 0, 64)).Fault());

    [Fact]
    public void Graph_that_is_a_link_to_nothing()
    {
        using var folder = TestModel.Sd15().Delete("unet/model.onnx");
        File.CreateSymbolicLink(folder.File("unet/model.onnx"), "../blobs/gone");
        Assert.Equal("unet/model.onnx: is a link to nothing", folder.Read().Fault);
    }

    [Fact]
    public void No_sampler_configuration() =>
        Assert.Equal("scheduler/scheduler_config.json: the file is missing", TestModel.Sd15().Delete("scheduler").Fault());

    [Fact]
    public void Sampler_class_that_is_unknown() =>
        Assert.Equal("scheduler/scheduler_config.json: _class_name: 'MagicScheduler' is not supported",
            TestModel.Sd15().Set("scheduler/scheduler_config.json", "_class_name", "\"MagicScheduler\"").Fault());

    [Fact]
    public void Sampler_value_of_another_type() =>
        Assert.Equal("scheduler/scheduler_config.json: beta_start: the text \"low\" is not a value of the kind that diffusers writes",
            TestModel.Sd15().Set("scheduler/scheduler_config.json", "beta_start", "\"low\"").Fault());

    [Fact]
    public void Prediction_that_is_unknown() =>
        Assert.Equal("scheduler/scheduler_config.json: prediction_type: 'guess' is unknown; known are epsilon, v_prediction, sample, flow_prediction",
            TestModel.Sd15().Set("scheduler/scheduler_config.json", "prediction_type", "\"guess\"").Fault());

    [Fact]
    public void Tokenizer_without_merges() =>
        Assert.Equal("tokenizer/merges.txt: the file is missing", TestModel.Sd15().Delete("tokenizer/merges.txt").Fault());

    [Fact]
    public void Tokenizer_configuration_that_is_not_json() =>
        Assert.Equal("tokenizer/tokenizer_config.json: is not JSON (line 1)", TestModel.Sd15().Write("tokenizer/tokenizer_config.json", "no").Fault());

    [Fact]
    public void Tokenizer_length_of_another_type() =>
        Assert.Equal("tokenizer/tokenizer_config.json: model_max_length: expected a number, found the text \"long\"",
            TestModel.Sd15().Set("tokenizer/tokenizer_config.json", "model_max_length", "\"long\"").Fault());

    [Fact]
    public void Text_encoder_of_another_kind() =>
        Assert.Equal("text_encoder/config.json: model_type: text encoder 't5' is not supported yet, only clip_text_model",
            TestModel.Sd15().Set("text_encoder/config.json", "model_type", "\"t5\"").Set("text_encoder/config.json", "architectures", "[\"T5EncoderModel\"]")
                .Fault());

    [Fact]
    public void Instruction_unet() =>
        Assert.Equal("unet/config.json: in_channels: U-Net with 8 channels, for editing by instruction: not supported yet",
            TestModel.Sd15().Set("unet/config.json", "in_channels", "8").Fault());

    [Fact]
    public void Channels_that_do_not_fit() =>
        Assert.Equal("unet/config.json: in_channels: 4 channels, but the latents have 16; unet/config.json: out_channels: 4 channels, but the latents have 16",
            TestModel.Sd15().Set("vae_decoder/config.json", "latent_channels", "16").Fault());

    [Fact]
    public void Widths_that_do_not_fit() =>
        Assert.Equal("unet/config.json: cross_attention_dim: 32, but the text encoder gives 48",
            TestModel.Sd15().Set("text_encoder/config.json", "hidden_size", "48").Fault());

    [Fact]
    public void Unet_of_an_xl_model() =>
        Assert.Equal("unet/config.json: addition_embed_type: a U-Net with pooled text or size inputs, which models of this family do not have",
            TestModel.Sd15().Set("unet/config.json", "addition_embed_type", "\"text_time\"").Fault());

    [Fact]
    public void Scaling_factor_of_another_type() =>
        Assert.Equal("vae_decoder/config.json: scaling_factor: expected a number, found a list of 1",
            TestModel.Sd15().Set("vae_decoder/config.json", "scaling_factor", "[1]").Fault());

    [Fact]
    public void Scaling_factor_of_zero() =>
        Assert.Equal("vae_decoder/config.json: scaling_factor: 0 would erase the latents",
            TestModel.Sd15().Set("vae_decoder/config.json", "scaling_factor", "0").Fault());

    [Fact]
    public void More_levels_than_possible() =>
        Assert.Equal("unet/config.json: block_out_channels: 40 levels, at most 8 are possible",
            TestModel.Sd15().Set("unet/config.json", "block_out_channels", $"[{string.Join(",", Enumerable.Repeat("8", 40))}]").Fault());

    [Fact]
    public void Several_faults_are_named_at_once() =>
        Assert.Equal("scheduler/scheduler_config.json: the file is missing; tokenizer/merges.txt: the file is missing; unet/model.onnx: the file is empty",
            TestModel.Sd15().Delete("scheduler").Delete("tokenizer/merges.txt").Write("unet/model.onnx", "").Fault());

    [Fact]
    public void A_file_that_may_not_be_read()
    {
        if (OperatingSystem.IsWindows()) return; // other means to deny there
        using var folder = TestModel.Sd15();
        var mode = File.GetUnixFileMode(folder.File("unet/config.json"));
        File.SetUnixFileMode(folder.File("unet/config.json"), UnixFileMode.None);
        string? fault = folder.Read().Fault;
        File.SetUnixFileMode(folder.File("unet/config.json"), mode);
        // The superuser may read anything.
        Assert.Equal(Environment.IsPrivilegedProcess ? null : "unet/config.json: cannot be read: access is denied", fault);
    }
}

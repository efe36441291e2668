using System.Security.Cryptography;
using System.Text;
using Darkroom.Models.Pool;

namespace Darkroom.Models.Tests.Catalog;

public sealed class ModelHashTests
{
    [Fact]
    public void The_hash_is_that_of_sha256sums_lines()
    {
        using var folder = TestModel.Sd15();
        var lines = ModelFiles.Of(folder.Path).Select(file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(folder.File(file))))}  {file}\n");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines)))), new ModelHash().Of(folder.Path));
        Assert.Equal(
            ["model_index.json", "scheduler/scheduler_config.json", "text_encoder/config.json", "text_encoder/model.onnx", "tokenizer/merges.txt",
             "tokenizer/special_tokens_map.json", "tokenizer/tokenizer_config.json", "tokenizer/vocab.json", "unet/config.json", "unet/model.onnx",
             "vae_decoder/config.json", "vae_decoder/model.onnx", "vae_encoder/config.json", "vae_encoder/model.onnx"],
            ModelFiles.Of(folder.Path));
    }

    [Fact]
    public void A_copy_elsewhere_has_the_same_hash_and_what_is_said_about_a_model_does_not_change_it()
    {
        using var one = TestModel.Sd15();
        using var two = TestModel.Sd15().Write("darkroom.json", """{ "title": "Other" }""").Write("README.md", "x");
        Assert.Equal(new ModelHash().Of(one.Path), new ModelHash().Of(two.Path));
    }

    [Theory]
    [InlineData("unet/model.onnx")]
    [InlineData("tokenizer/merges.txt")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("vae_decoder/config.json")]
    public void One_byte_more_is_another_hash(string file)
    {
        using var folder = TestModel.Sd15();
        var hash = new ModelHash();
        string before = hash.Of(folder.Path);
        File.AppendAllText(folder.File(file), "\n");
        Assert.NotEqual(before, hash.Of(folder.Path));
    }

    [Fact]
    public void A_file_that_did_not_change_is_read_once()
    {
        using var folder = TestModel.Sd15();
        var hash = new ModelHash();
        string first = hash.Of(folder.Path);
        int read = hash.FilesRead;
        Assert.Equal(first, hash.Of(folder.Path));
        Assert.Equal(read, hash.FilesRead);
        File.SetLastWriteTimeUtc(folder.File("unet/model.onnx"), new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal(first, hash.Of(folder.Path));
        Assert.Equal(read + 1, hash.FilesRead);
    }

    [Fact]
    public void Hashes_on_disk_are_used_by_the_next_run_and_a_broken_file_of_them_is_done_without()
    {
        using var folder = TestModel.Sd15();
        string cache = folder.File("data/hashes.json");
        string first = new ModelHash(cache).Of(folder.Path);
        var second = new ModelHash(cache);
        Assert.Equal(first, second.Of(folder.Path));
        Assert.Equal(0, second.FilesRead);
        File.WriteAllText(cache, "{ \"x\": ");
        Assert.Equal(first, new ModelHash(cache).Of(folder.Path));
        var fourth = new ModelHash(cache);
        Assert.Equal(first, fourth.Of(folder.Path));
        Assert.Equal(0, fourth.FilesRead);
    }

    [Fact]
    public void External_weights_count()
    {
        using var folder = TestModel.Sd15().Write("unet/model.onnx", OnnxBytes.WithExternalData("w", 0, 4)).Write("unet/w", new byte[4]);
        string before = new ModelHash().Of(folder.Path);
        Assert.NotEqual(before, new ModelHash(null).Of(folder.Write("unet/w", [0, 0, 0, 1]).Path));
    }
}

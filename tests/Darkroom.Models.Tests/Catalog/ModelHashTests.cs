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
    public async Task A_file_that_is_being_read_is_not_read_beside()
    {
        using var folder = TestModel.Sd15();
        var alone = new ModelHash();
        string expected = alone.Of(folder.Path);
        var hash = new ModelHash();
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => hash.Of(folder.Path))));
        Assert.All(all, one => Assert.Equal(expected, one));
        Assert.Equal(alone.FilesRead, hash.FilesRead);
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

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"x\"")]
    [InlineData("{\"/a\": null}")]
    [InlineData("{\"/a\": {\"Length\": -1, \"Time\": null, \"Sha256\": 7}}")]
    [InlineData("{\"\": {\"Length\": 1, \"Time\": 1, \"Sha256\": \"zz\"}, \"a\\u0000b\": {\"Sha256\": null}}")]
    [InlineData("\u0000\u0001\uFFFD{{{{")]
    public void State_file_of_anything_is_as_good_as_none_and_is_written_over(string content)
    {
        using var folder = TestModel.Sd15();
        string hashes = folder.File("data/hashes.json"), proofs = folder.File("data/proofs.json");
        folder.Write("data/hashes.json", content).Write("data/proofs.json", content);
        string hash = new ModelHash(hashes).Of(folder.Path);
        Assert.Equal(new ModelHash().Of(folder.Path), hash);
        Assert.Equal(hash, new ModelHash(hashes).Of(folder.Path));
        var file = new Models.Graphs.ProofFile(proofs);
        Assert.False(file.TryFind("key", out _));
        file.Add("key", "why");
        Assert.True(new Models.Graphs.ProofFile(proofs).TryFind("key", out string outcome));
        Assert.Equal("why", outcome);
    }

    [Fact]
    public void Hash_that_is_none_is_not_given_out_and_a_folder_in_the_files_place_is_done_without()
    {
        using var folder = TestModel.Sd15();
        string cache = folder.File("data/hashes.json"), right = new ModelHash(cache).Of(folder.Path);
        string sha = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder.File("unet/model.onnx"))));
        File.WriteAllText(cache, File.ReadAllText(cache).Replace(sha, new string('?', 64), StringComparison.Ordinal));
        Assert.Equal(right, new ModelHash(cache).Of(folder.Path));
        File.Delete(cache);
        Directory.CreateDirectory(cache);
        Assert.Equal(right, new ModelHash(cache).Of(folder.Path));
    }

    [Fact]
    public void External_weights_count()
    {
        using var folder = TestModel.Sd15().Write("unet/model.onnx", OnnxBytes.WithExternalData("w", 0, 4)).Write("unet/w", new byte[4]);
        string before = new ModelHash().Of(folder.Path);
        Assert.NotEqual(before, new ModelHash(null).Of(folder.Write("unet/w", [0, 0, 0, 1]).Path));
    }
}

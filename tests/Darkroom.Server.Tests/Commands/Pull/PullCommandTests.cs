using System.Globalization;
using Darkroom.Models.Pool;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Commands.Pull;

/// <summary>The command as a process of its own, against a hub on this machine.</summary>
public sealed class PullCommandTests : IDisposable
{
    private static readonly byte[] Weights = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7))];

    private readonly string models = Directory.CreateTempSubdirectory("darkroom-pull-").FullName;

    [Fact]
    public async Task A_folder_comes_with_what_is_read_and_can_be_served()
    {
        await using var hub = await LocalHub.StartAsync();
        hub.AddFolder(ConformancePack.PathOf("pipelines", "sd15-tiny", "diffusers"));
        foreach (string file in (string[])["unet/diffusion_pytorch_model.bin", "README.md", "safety_checker/model.safetensors", "v1.ckpt", "unet/extra/x.json"])
            hub.Add(file, Weights);
        var (code, error) = await PullAsync(hub, LocalHub.Repository, "--full");
        Assert.True(code == 0, error);
        string folder = Path.Combine(models, "model");
        var model = ModelFolder.Read(folder);
        Assert.Equal(("model", null), (model.Id, model.Fault));
        string[] come = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order()];
        Assert.Equal(
        [
            "model_index.json", "scheduler/scheduler_config.json", "text_encoder/config.json", "text_encoder/model.safetensors", "tokenizer/merges.txt",
            "tokenizer/special_tokens_map.json", "tokenizer/tokenizer_config.json", "tokenizer/vocab.json", "unet/config.json",
            "unet/diffusion_pytorch_model.safetensors", "vae/config.json", "vae/diffusion_pytorch_model.safetensors",
        ], come.Order(StringComparer.Ordinal));

        int before = hub.Requests.Count;
        Assert.Equal(0, (await PullAsync(hub, LocalHub.Repository, "--full")).Code);
        Assert.Equal(before + 1, hub.Requests.Count); // the list: all files are there
    }

    [Fact]
    public async Task A_download_that_is_cut_off_goes_on_where_it_was_and_a_token_stays_with_the_hub()
    {
        await using var hub = await LocalHub.StartAsync();
        hub.Add("weights/photo.safetensors", Weights).Cuts = 2;
        var (code, error) = await PullAsync(hub, LocalHub.Repository);
        Assert.True(code == 0, error);
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(models, "photo.safetensors")));
        int[] begins = [.. hub.Requests.Where(one => one.Path.StartsWith("/store", StringComparison.Ordinal))
            .Select(one => one.Range.Length == 0 ? 0 : int.Parse(one.Range["bytes=".Length..^1], CultureInfo.InvariantCulture))];
        Assert.Equal([0, 1, 2], begins.Select((_, i) => i));
        Assert.True(begins[0] == 0 && begins[1] > 0 && begins[2] > begins[1], string.Join(", ", begins));
        Assert.All(hub.Requests, one => Assert.Equal(one.Path.StartsWith("/store", StringComparison.Ordinal) ? "" : "Bearer secret", one.Authorization));
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_an_earlier_try_left_is_gone_on_with()
    {
        await using var hub = await LocalHub.StartAsync();
        hub.Add("photo.safetensors", Weights);
        await File.WriteAllBytesAsync(Path.Combine(models, "mine.safetensors.part"), Weights[..100_000]);
        Assert.Equal(0, (await PullAsync(hub, LocalHub.Repository, "--name", "mine")).Code);
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(models, "mine.safetensors")));
        Assert.Contains(hub.Requests, one => one.Range == "bytes=100000-");
    }

    [Fact]
    public async Task A_new_revision_of_the_same_length_takes_the_old_ones_place()
    {
        await using var hub = await LocalHub.StartAsync();
        byte[] newer = [.. Weights.Reverse()];
        await File.WriteAllBytesAsync(Path.Combine(models, "photo.safetensors"), Weights);
        Assert.Equal(0, (await PullAsync(hub.Add("photo.safetensors", newer), LocalHub.Repository)).Code);
        Assert.Equal(newer, await File.ReadAllBytesAsync(Path.Combine(models, "photo.safetensors")));
    }

    [Fact]
    public async Task What_is_not_what_was_promised_is_thrown_away()
    {
        await using var hub = await LocalHub.StartAsync();
        hub.Add("photo.safetensors", Weights).StatedSums["photo.safetensors"] = new string('0', 64);
        var (code, error) = await PullAsync(hub, LocalHub.Repository);
        Assert.Equal(1, code);
        Assert.Contains($"photo.safetensors is not what was promised: its SHA-256 is {LocalHub.SumOf(Weights)}, not 000", error, StringComparison.Ordinal);
        Assert.Equal(0, new FileInfo(Path.Combine(models, "photo.safetensors.part")).Length);
        Assert.False(File.Exists(Path.Combine(models, "photo.safetensors")));
    }

    [Fact]
    public async Task An_address_of_a_file_is_fetched_and_checked()
    {
        await using var hub = await LocalHub.StartAsync();
        hub.Add("photo.safetensors", Weights).Cuts = 1;
        string address = $"{hub.Address}store/photo.safetensors";
        var (code, error) = await PullAsync(hub, address, "--sha256", LocalHub.SumOf(Weights).ToUpperInvariant());
        Assert.True(code == 0, error);
        Assert.Equal(Weights, await File.ReadAllBytesAsync(Path.Combine(models, "photo.safetensors")));
        Assert.Equal(1, (await PullAsync(hub, address, "--name", "other", "--sha256", new string('a', 64))).Code);
    }

    [Theory]
    [InlineData("neither ORG/NAME of a repository nor an address", "model")]
    [InlineData("neither ORG/NAME of a repository nor an address", "org/../model")]
    [InlineData("has no repository 'org/other' with a revision 'main'", "org/other")]
    [InlineData("The repository has 2 files of weights; name one with --file: a.safetensors, b/c.safetensors", LocalHub.Repository)]
    [InlineData("The repository has no file 'd.safetensors'.", LocalHub.Repository, "--file", "d.safetensors")]
    [InlineData("'old.ckpt' is no .safetensors file: others are not read.", LocalHub.Repository, "--file", "old.ckpt")]
    [InlineData("'../out' cannot be a model's name", LocalHub.Repository, "--file", "a.safetensors", "--name", "../out")]
    public async Task What_cannot_be_fetched_is_said_in_a_sentence(string sentence, params string[] words)
    {
        await using var hub = await LocalHub.StartAsync();
        hub.Add("a.safetensors", Weights).Add("b/c.safetensors", Weights).Add("old.ckpt", Weights);
        var (code, error) = await PullAsync(hub, words);
        Assert.Equal(1, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(models));
    }

    [Theory]
    [InlineData("weights as pickles alone", "old.ckpt")]
    [InlineData("weights as pickles or in another form that is not read", "model_index.json", "unet/diffusion_pytorch_model.bin")]
    [InlineData("The repository has no model", "README.md")]
    [InlineData("which is no path of a file in a folder", "a.safetensors", "../../etc/passwd")]
    public async Task Repositories_without_a_model_are_refused(string sentence, params string[] files)
    {
        await using var hub = await LocalHub.StartAsync();
        foreach (string file in files) hub.Add(file, Weights);
        var (code, error) = await PullAsync(hub, LocalHub.Repository);
        Assert.Equal(1, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(models));
    }

    public void Dispose() => Directory.Delete(models, recursive: true);

    private async Task<(int Code, string Error)> PullAsync(LocalHub hub, params string[] words)
    {
        var start = ServerProgram.Start(["pull", "--models-path", models, .. words]);
        (start.RedirectStandardError, start.RedirectStandardOutput) = (true, true);
        start.Environment["HF_ENDPOINT"] = hub.Address.ToString();
        start.Environment["HF_TOKEN"] = "secret";
        using var process = System.Diagnostics.Process.Start(start)!;
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}

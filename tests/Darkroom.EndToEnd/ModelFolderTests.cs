using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd;

/// <summary>Other people's model folders: good ones work, broken ones are told of and harm nobody.</summary>
public sealed class ModelFolderTests
{
    private static readonly string Starter = Path.Combine(Repository.Root, "models", "starter");

    [Fact]
    public async Task Broken_folders_are_listed_with_file_and_reason_and_the_starter_works_beside_them()
    {
        string models = Directory.CreateTempSubdirectory("darkroom-models").FullName;
        Copy(Starter, Path.Combine(models, "starter"));
        Spoil("cut", folder => Truncate(Path.Combine(folder, "unet", "model.onnx")));
        Spoil("headless", folder => Directory.Delete(Path.Combine(folder, "text_encoder"), recursive: true));
        Spoil("no-onnx", folder => File.WriteAllText(Path.Combine(folder, "unet", "model.onnx"), "this is no graph, it is a text of some length"));
        Spoil("mixed-up", folder => File.Copy(Path.Combine(folder, "text_encoder", "model.onnx"), Path.Combine(folder, "unet", "model.onnx"), overwrite: true));
        Spoil("odd-notes", folder => File.WriteAllText(Path.Combine(folder, "darkroom.json"), """{"native_sizes":64}"""));

        await using var server = await ServerProcess.StartAsync(("ModelsPath", models));
        foreach (string id in new[] { "cut", "headless", "no-onnx", "mixed-up", "odd-notes" })
        {
            var (status, problem) = await server.PostAsync(new { prompt = "x", model = id, steps = 1 });
            Assert.True(status == HttpStatusCode.ServiceUnavailable, $"{id}: {problem}");
        }
        var listed = await server.Client.GetFromJsonAsync<JsonElement>("/v1/models", TestContext.Current.CancellationToken);
        string text = listed.ToString();
        foreach (string file in new[] { "unet/model.onnx", "text_encoder", "native_sizes" })
            Assert.Contains(file, text, StringComparison.Ordinal);
        Assert.Equal(5, listed.GetProperty("data").EnumerateArray().Count(model => model.GetProperty("state").GetString() == "failed"));
        Assert.Single(await server.HashesAsync(new { prompt = "apple", steps = 2 }));

        void Spoil(string id, Action<string> how)
        {
            Copy(Starter, Path.Combine(models, id));
            how(Path.Combine(models, id));
        }
    }

    [Fact]
    public async Task Exported_pipelines_with_one_timestep_for_a_batch_share_steps_and_keep_their_pictures()
    {
        string models = Directory.CreateTempSubdirectory("darkroom-models").FullName;
        Copy(ConformancePack.PathOf("pipelines", "sd15-tiny", "onnx"), Path.Combine(models, "sd15"));
        Copy(ConformancePack.PathOf("pipelines", "sd21-tiny", "onnx"), Path.Combine(models, "sd21"));
        await using var server = await ServerProcess.StartAsync(("ModelsPath", models));
        var requests = Enumerable.Range(0, 12).Select(i => new
        {
            model = i % 2 == 0 ? "sd15" : "sd21", prompt = $"a red fox {i}", seed = i, steps = 4 + i % 3, width = 64, height = 64, sampler = i % 3 == 0 ? "euler" : "dpmpp_2m", @return = "url",
        }).ToArray();
        var together = await Task.WhenAll(requests.Select(request => server.HashesAsync(request)));
        for (int i = 0; i < requests.Length; i++)
            Assert.Equal(await server.HashesAsync(requests[i]), together[i]);
    }

    [Fact]
    public async Task Size_beyond_the_memory_allowed_is_refused_before_it_runs()
    {
        string models = Directory.CreateTempSubdirectory("darkroom-models").FullName;
        Copy(ConformancePack.PathOf("pipelines", "sd15-tiny", "onnx"), Path.Combine(models, "sd15"));
        await using var server = await ServerProcess.StartAsync(("ModelsPath", models), ("Engine:MemoryLimitMiB", "64"));
        var (status, problem) = await server.PostAsync(new { prompt = "x", steps = 1, width = 2048, height = 2048 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("memory", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Single(await server.HashesAsync(new { prompt = "x", steps = 1, width = 64, height = 64 }));
    }

    [Fact]
    public async Task Server_without_models_is_ready_and_says_that_there_is_none()
    {
        await using var server = await ServerProcess.StartAsync(("ModelsPath", Directory.CreateTempSubdirectory("darkroom-models").FullName));
        var (status, _) = await server.PostAsync(new { prompt = "x" });
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static void Truncate(string file)
    {
        using var stream = File.Open(file, FileMode.Open);
        stream.SetLength(stream.Length / 2);
    }
}

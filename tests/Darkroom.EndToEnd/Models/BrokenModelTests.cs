using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Models;

/// <summary>Model folders that cannot be used, beside one that can.</summary>
public sealed class BrokenModelTests(BrokenModels models) : IClassFixture<BrokenModels>
{
    [Fact]
    public async Task Each_is_reported_with_file_and_reason_and_harms_no_other()
    {
        await using var server = await StartedServer.StartAsync(models.ModelsPath);
        var missing = new List<string>();
        foreach (var (id, _, _, named) in BrokenModels.All)
        {
            var answer = await server.Client.PostAsync(new { prompt = "fox", steps = 1, model = id });
            string detail = answer.Problem(503, "model_failed").GetProperty("detail").GetString()!;
            Assert.Equal("60", Assert.Single(answer.Headers.GetValues("Retry-After")));
            (await server.Client.PostAsync(new { prompt = "fox", model = id })).Problem(503, "model_failed"); // a second try is told the same

            var entry = (await server.Client.FetchAsync("/v1/models/" + id)).Succeeded();
            Assert.Equal("failed", entry.GetProperty("state").GetString());
            string reason = entry.GetProperty("reason").GetString()!;
            foreach (string name in named)
                if (!detail.Contains(name, StringComparison.Ordinal) || !reason.Contains(name, StringComparison.Ordinal))
                    missing.Add($"{id}: {name} in '{detail}' and '{reason}'");
            Assert.DoesNotContain(models.ModelsPath, detail + reason);
            Assert.Single((await server.Client.PostAsync(new { prompt = "fox", steps = 1, seed = 1 })).Pictures());
        }
        Assert.True(missing.Count == 0, string.Join('\n', missing));

        var list = (await server.Client.FetchAsync("/v1/models")).Succeeded().GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(BrokenModels.All.Select(one => one.Id).Append("starter").Order(StringComparer.Ordinal),
            list.Select(model => model.GetProperty("id").GetString()!));
        Assert.All(list, model => Assert.Equal(model.GetProperty("id").GetString() == "starter" ? "ready" : "failed", model.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task A_default_model_that_cannot_be_loaded_leaves_the_server_ready_and_says_why()
    {
        await using var server = await StartedServer.StartAsync(models.ModelsPath, null, ("Darkroom__DefaultModel", "wrong-denoiser"));
        var ready = (await server.Client.FetchAsync("/readyz")).Succeeded();
        Assert.Equal(("wrong-denoiser", "failed"), (ready.GetProperty("model").GetString(), ready.GetProperty("model_state").GetString()));
        Assert.Contains("unet/model.onnx", ready.GetProperty("reason").GetString());
        (await server.Client.PostAsync(new { prompt = "fox", steps = 1 })).Problem(503, "model_failed");
        Assert.Single((await server.Client.PostAsync(new { prompt = "fox", steps = 1, model = "starter" })).Pictures());
    }

    [Fact]
    public async Task Doctor_names_each_and_exits_with_1()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        var doctor = await ServerProgram.RunAsync("doctor", "--models-path", models.ModelsPath, "--data-path", data, "--urls", "http://127.0.0.1:0");
        Directory.Delete(data, recursive: true);
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("ok       models: starter:", doctor.Output);
        foreach (var (id, _, _, named) in BrokenModels.All)
        {
            if (id.StartsWith("wrong-", StringComparison.Ordinal)) continue; // shown by opening the graph alone, which doctor does not
            string line = Assert.Single(doctor.Output.Split('\n'), line => line.Contains($"models: {id}:", StringComparison.Ordinal));
            Assert.StartsWith("problem", line);
            Assert.Contains(named[0], line);
        }
    }
}

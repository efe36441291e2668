using System.Diagnostics;
using System.Text.Json;
using Darkroom.Imaging;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>
/// What was accepted is done, whatever happens to the process: the built server, killed and started again on the same data. At random moments and under load
/// the fault lab kills it (<see cref="FaultLabTests"/>).
/// </summary>
public sealed class RestartTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Killed_in_a_picture_the_server_makes_the_same_picture_after_its_start_and_goes_on_in_order()
    {
        object running = new { prompt = "a red apple", steps = 120, seed = 7, upscale = (object?)null };
        object waiting = new { prompt = "a fox", image = Convert.ToBase64String(PictureEncoder.Encode(Picture.Blank(64, 64, 3), PictureFormat.Png, 90, null)),
            steps = 8, seed = 3, upscale = (object?)null };
        string first, second, third;
        await using (var server = await StartAsync())
        {
            first = await server.Client.BeginAsync(running);
            await Calls.UntilAsync("the first job runs", async () => Step(await server.Client.JobAsync(first)) > 4);
            second = await PostAsync(server, "img2img", waiting);
            third = await server.Client.BeginAsync(new { prompt = "a house", steps = 4, seed = 1, upscale = (object?)null });
            await server.KillAsync();
        }
        await using var again = await StartAsync();
        string[] after = [await PictureAsync(again, first), await PictureAsync(again, second), await PictureAsync(again, third)];
        Assert.Equal("succeeded", (await again.Client.JobAsync(third)).GetProperty("status").GetString());

        Assert.Equal(after[0], (await again.Client.PostAsync(running)).Pictures().Single());
        Assert.Equal(after[1], (await again.Client.PostAsync(waiting, task: "img2img")).Pictures().Single());
    }

    [Fact]
    public async Task Finished_jobs_and_their_pictures_are_there_after_a_restart_and_gone_when_purged()
    {
        string id, url, sha256;
        await using (var server = await StartAsync())
        {
            var made = (await server.Client.PostAsync(new { prompt = "a leaf", steps = 4 })).Succeeded();
            id = made.GetProperty("id").GetString()!;
            url = made.GetProperty("images")[0].GetProperty("url").GetString()!;
            sha256 = made.GetProperty("images")[0].GetProperty("sha256").GetString()!;
        }
        await using var again = await StartAsync();
        Assert.Equal("succeeded", (await again.Client.JobAsync(id)).GetProperty("status").GetString());
        Assert.Equal(sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData((await again.Client.FetchAsync(url)).Bytes)));
        Assert.Contains("event: succeeded", await again.Client.GetStringAsync($"/v1/jobs/{id}/events"), StringComparison.Ordinal);

        Assert.Equal(204, (await again.Client.FetchAsync($"/v1/jobs/{id}?purge=true", method: HttpMethod.Delete)).Status);
        Assert.Equal(404, (await again.Client.FetchAsync("/v1/jobs/" + id)).Status);
        Assert.Contains((await again.Client.FetchAsync(url)).Status, new[] { 404, 410 });
    }

    [Fact]
    public async Task Second_server_on_the_same_data_does_not_start_and_says_why()
    {
        await using var server = await StartAsync();
        var start = ServerProgram.Start("--urls", "http://127.0.0.1:0");
        start.Environment["Darkroom__DataPath"] = data;
        using var second = Process.Start(start)!;
        string error = await second.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(78, second.ExitCode);
        Assert.Contains("Darkroom:DataPath", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundred_requests_with_one_key_at_once_are_one_job_after_a_crash_too()
    {
        var ids = new HashSet<string>();
        object body = new { prompt = "a key", steps = 4, upscale = (object?)null };
        await using (var server = await StartAsync())
        {
            foreach (var answer in await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => WithKeyAsync(server, body))))
                ids.Add(answer.Json.GetProperty("id").GetString()!);
            Assert.Single(ids);
            await server.KillAsync();
        }
        await using var again = await StartAsync();
        var replayed = await WithKeyAsync(again, body);
        Assert.Equal(["true"], replayed.Headers.GetValues("Idempotent-Replayed"));
        Assert.Equal(ids.Single(), replayed.Json.GetProperty("id").GetString());
        (await WithKeyAsync(again, new { prompt = "another", steps = 4 })).Problem(422, "idempotency_key_reused");
    }

    [Fact]
    public async Task Paused_queue_accepts_and_runs_nothing_until_it_is_resumed_though_the_server_was_restarted()
    {
        string id;
        await using (var server = await StartAsync())
        {
            Assert.True((await server.Client.FetchAsync("/v1/queue/pause", method: HttpMethod.Post)).Succeeded().GetProperty("paused").GetBoolean());
            id = await server.Client.BeginAsync(new { prompt = "later", steps = 2 });
            await server.KillAsync();
        }
        await using var again = await StartAsync();
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal("queued", (await again.Client.JobAsync(id)).GetProperty("status").GetString());
        Assert.False((await again.Client.FetchAsync("/v1/queue/resume", method: HttpMethod.Post)).Succeeded().GetProperty("paused").GetBoolean());
        await PictureAsync(again, id);
    }

    private Task<StartedServer> StartAsync(params (string Name, string Value)[] settings) => StartedServer.StartAsync(null, data, settings);

    private static int Step(JsonElement job) => job.GetProperty("progress").GetProperty("step").GetInt32();

    private static async Task<string> PostAsync(StartedServer server, string task, object body)
    {
        var accepted = await server.Client.PostAsync(body, prefer: "respond-async", task: task);
        Assert.Equal(202, accepted.Status);
        return accepted.Json.GetProperty("id").GetString()!;
    }

    private static async Task<Answer> WithKeyAsync(StartedServer server, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img");
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body));
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.Add("Prefer", "respond-async");
        request.Headers.Add("Idempotency-Key", "one-and-the-same");
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer((int)response.StatusCode, response.Headers, response.Content.Headers,
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The hash of the only picture of a job, when it has succeeded.</summary>
    private static async Task<string> PictureAsync(StartedServer server, string id)
    {
        JsonElement job = default;
        await Calls.UntilAsync("the job has ended", async () =>
            (job = await server.Client.JobAsync(id)).GetProperty("status").GetString() is not ("queued" or "running"));
        Assert.Equal("succeeded", job.GetProperty("status").GetString());
        return job.GetProperty("images")[0].GetProperty("sha256").GetString()!;
    }
}

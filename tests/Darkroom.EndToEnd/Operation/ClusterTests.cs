using System.Net;
using System.Text.Json;
using Darkroom.TestKit;
using Darkroom.TestKit.Databases;

namespace Darkroom.EndToEnd.Operation;

/// <summary>Several processes on one database and one object store: what takes requests has no models, and what makes pictures takes none.</summary>
public sealed class ClusterTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly PostgresServer database = new();
    private readonly S3Server objects = new();
    private readonly string noModels = Directory.CreateTempSubdirectory("darkroom-none-").FullName;

    public void Dispose()
    {
        database.Dispose();
        objects.Dispose();
        Directory.Delete(noModels, recursive: true);
    }

    [Fact]
    public async Task Picture_of_a_cluster_is_the_one_that_a_server_makes_alone_whoever_is_asked()
    {
        object order = new { prompt = "a red apple", steps = 20, seed = 7, upscale = (object?)null };
        await using var api = await StartAsync("api");
        Assert.Equal(0, (await api.Client.FetchAsync("/v1/models")).Succeeded().GetProperty("data").GetArrayLength());
        (await api.Client.PostAsync(order)).Problem(404, "no_model");
        await using var worker = await StartAsync("worker");
        Assert.Equal(404, (await worker.Client.FetchAsync("/v1/models")).Status); // it takes no requests
        await SeesModelsAsync(api);
        await using var other = await StartAsync("api");
        await SeesModelsAsync(other);

        var made = (await api.Client.PostAsync(order)).Succeeded();
        string picture = made.GetProperty("images")[0].GetProperty("sha256").GetString()!;
        var fetched = await other.Client.FetchAsync(made.GetProperty("images")[0].GetProperty("url").GetString()!);
        Assert.Equal(picture, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(fetched.Bytes)));
        string events = await other.Client.GetStringAsync($"/v1/jobs/{made.GetProperty("id").GetString()}/events");
        Assert.Contains("event: succeeded", events, StringComparison.Ordinal);

        await using var alone = await StartedServer.StartAsync(environment: [("Darkroom__Store", "memory")]);
        Assert.Equal(picture, (await alone.Client.PostAsync(order)).Succeeded().GetProperty("images")[0].GetProperty("sha256").GetString());

        // What is sent travels through the object store to the worker, and a 422 is the same as anywhere.
        var edited = await other.Client.PostAsync(
            new { prompt = "a fox", image = Convert.ToBase64String(fetched.Bytes), steps = 4, seed = 3, upscale = (object?)null }, task: "img2img");
        Assert.Single(edited.Pictures());
        (await api.Client.PostAsync(new { prompt = "x", steps = 0 })).Problem(422, "invalid_request");
    }

    [Fact]
    public async Task Job_of_a_worker_that_is_killed_is_made_by_another_and_the_picture_is_the_same()
    {
        await using var api = await StartAsync("api");
        await using var first = await StartAsync("worker");
        await SeesModelsAsync(api);
        object order = new { prompt = "a red apple", steps = 150, count = 4, seed = 7, upscale = (object?)null };
        string id = await api.Client.BeginAsync(order);
        await Calls.UntilAsync("the job runs", async () => StepOf(await api.Client.JobAsync(id)) > 0);
        var events = api.Client.GetStringAsync($"/v1/jobs/{id}/events");
        await first.KillAsync();
        await using var second = await StartAsync("worker");
        await Calls.UntilAsync("the job is done", async () => StatusOf(await api.Client.JobAsync(id)) == "succeeded");
        Assert.Contains("event: succeeded", await events.WaitAsync(Soon), StringComparison.Ordinal);
        Assert.Equal(HashesOf((await api.Client.PostAsync(order)).Succeeded()), HashesOf(await api.Client.JobAsync(id)));
    }

    [Fact]
    public async Task Readers_at_every_node_see_progress_and_previews_of_a_job_that_another_process_runs()
    {
        await using var one = await StartAsync("api");
        await using var other = await StartAsync("api");
        await using var worker = await StartAsync("worker");
        await SeesModelsAsync(one);
        await SeesModelsAsync(other);
        string id = await one.Client.BeginAsync(new { prompt = "a red apple", steps = 150, count = 4, seed = 7, preview_every = 2, upscale = (object?)null });
        foreach (var node in new[] { one, other })
        {
            using var reading = new StreamReader(await node.Client.GetStreamAsync($"/v1/jobs/{id}/events", TestContext.Current.CancellationToken));
            var told = new HashSet<string>();
            while (!told.IsSupersetOf(["event: progress", "event: preview"]))
                told.Add(await reading.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("It ended before."));
        }
        await Calls.UntilAsync("the job is done", async () => StatusOf(await other.Client.JobAsync(id)) == "succeeded");
        await Calls.UntilAsync("the previews are gone", () => Task.FromResult(
            !objects.KeysOf("pictures").Any(key => key.StartsWith("previews/", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task Address_that_one_node_signs_is_good_at_every_other_and_previews_reach_a_stream()
    {
        await using var one = await StartAsync("api");
        await using var other = await StartAsync("api");
        await using var worker = await StartAsync("worker");
        await SeesModelsAsync(one);
        await SeesModelsAsync(other);
        object order = new { prompt = "a red apple", size = "64x64", steps = 4, seed = 7, response_format = "url" };
        var made = (await one.Client.PostAsync(order, task: "images/generations")).Succeeded();
        string url = made.GetProperty("data")[0].GetProperty("url").GetString()!;
        Assert.StartsWith(one.Client.BaseAddress!.ToString(), url, StringComparison.Ordinal);
        byte[] here = (await one.Client.FetchAsync(new Uri(url).PathAndQuery)).Bytes, there = (await other.Client.FetchAsync(new Uri(url).PathAndQuery)).Bytes;
        Assert.Equal(here, there);
        (await other.Client.FetchAsync(new Uri(url).PathAndQuery[..^1])).Problem(404, "signature_invalid");
        var native = await other.Client.PostAsync(new { prompt = "a red apple", width = 64, height = 64, steps = 4, seed = 7, upscale = (object?)null });
        Assert.Equal(native.Pictures(), new[] { Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(there)) });

        var events = await other.Client.PostAsync(
            new { prompt = "a red apple", steps = 150, n = 4, stream = true, partial_images = 3 }, task: "images/generations");
        string text = System.Text.Encoding.UTF8.GetString(events.Bytes);
        Assert.Contains("event: image_generation.partial_image", text, StringComparison.Ordinal);
        Assert.Equal(4, text.Split("event: image_generation.completed").Length - 1);
    }

    [Fact]
    public async Task Worker_that_was_stopped_past_its_lease_and_goes_on_changes_nothing()
    {
        await using var api = await StartAsync("api");
        await using var first = await StartAsync("worker");
        await SeesModelsAsync(api);
        object order = new { prompt = "a red apple", steps = 150, count = 2, seed = 7, upscale = (object?)null };
        string id = await api.Client.BeginAsync(order);
        await Calls.UntilAsync("the job runs", async () => StepOf(await api.Client.JobAsync(id)) > 0);
        first.Send(Signal.Stop);
        await using var second = await StartAsync("worker");
        await Calls.UntilAsync("the job is done", async () => StatusOf(await api.Client.JobAsync(id)) == "succeeded");
        var done = await api.Client.JobAsync(id);
        first.Send(Signal.Continue);
        var next = (await api.Client.PostAsync(order)).Succeeded(); // by the one or the other
        Assert.Equal(HashesOf(done), HashesOf(next));
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.Equal(done.GetRawText(), (await api.Client.JobAsync(id)).GetRawText());
        string told = await api.Client.GetStringAsync($"/v1/jobs/{id}/events");
        Assert.Single(told.Split('\n'), line => line == "event: succeeded");
    }

    [Fact]
    public async Task Cancel_at_one_node_stops_the_job_at_another_and_a_drained_worker_gives_its_jobs_to_the_next()
    {
        await using var api = await StartAsync("api");
        await using var first = await StartAsync("worker", ("Darkroom__DrainTimeout", "0"));
        await SeesModelsAsync(api);
        object order = new { prompt = "a red apple", steps = 150, count = 4, seed = 7, upscale = (object?)null };
        string cancelled = await api.Client.BeginAsync(order), kept = await api.Client.BeginAsync(order);
        await Calls.UntilAsync("the job runs", async () => StepOf(await api.Client.JobAsync(cancelled)) > 0);
        Assert.Equal("cancelled", await api.Client.CancelAsync(cancelled));
        await Calls.UntilAsync("the next one runs", async () => StepOf(await api.Client.JobAsync(kept)) > 0);

        first.Terminate();
        Assert.Equal(0, await first.ExitAsync(Soon));
        await Calls.UntilAsync("it waits again", async () => StatusOf(await api.Client.JobAsync(kept)) == "queued");
        await using var second = await StartAsync("worker");
        await Calls.UntilAsync("it is done", async () => StatusOf(await api.Client.JobAsync(kept)) == "succeeded");
        Assert.Equal("cancelled", StatusOf(await api.Client.JobAsync(cancelled)));
    }

    [Fact]
    public async Task Database_that_is_away_makes_nodes_unready_and_loses_nothing()
    {
        await using var api = await StartAsync("api");
        await using var worker = await StartAsync("worker");
        await SeesModelsAsync(api);
        string id = await api.Client.BeginAsync(new { prompt = "a red apple", steps = 150, count = 2, seed = 7, upscale = (object?)null });
        await Calls.UntilAsync("the job runs", async () => StepOf(await api.Client.JobAsync(id)) > 0);
        database.Stop();
        foreach (var node in new[] { api, worker })
            await Calls.UntilAsync("it says so", async () => await StatusAsync(node, "/readyz") == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(worker, "/livez"));
        var refused = await api.Client.PostAsync(new { prompt = "x", steps = 4 });
        refused.Problem(503, "store_unavailable");
        Assert.NotNull(refused.Headers.RetryAfter);
        database.Start();
        await Calls.UntilAsync("both are ready again", async () =>
            await StatusAsync(api, "/readyz") == HttpStatusCode.OK && await StatusAsync(worker, "/readyz") == HttpStatusCode.OK);
        await Calls.UntilAsync("the job is done", async () => StatusOf(await api.Client.JobAsync(id)) == "succeeded");
        Assert.Equal(2, HashesOf(await api.Client.JobAsync(id)).Length);
    }

    private static async Task<HttpStatusCode> StatusAsync(StartedServer server, string path)
    {
        using var answer = await server.Client.GetAsync(path);
        return answer.StatusCode;
    }

    private static string StatusOf(JsonElement job) => job.GetProperty("status").GetString()!;

    private static int StepOf(JsonElement job) => StatusOf(job) == "running" ? job.GetProperty("progress").GetProperty("step").GetInt32() : 0;

    private static string[] HashesOf(JsonElement job) =>
        [.. job.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("sha256").GetString()!)];

    private static Task SeesModelsAsync(StartedServer api) => Calls.UntilAsync("the worker's models are known", async () =>
        (await api.Client.FetchAsync("/v1/models")).Succeeded().GetProperty("data").GetArrayLength() > 0);

    private Task<StartedServer> StartAsync(string role, params (string Name, string Value)[] settings) => StartedServer.StartAsync(
        modelsPath: role == "api" ? noModels : null, environment:
        [
            ("Darkroom__Store", "postgres"), ("Darkroom__Postgres", database.ConnectionString()), ("Darkroom__Role", role), ("Darkroom__Artifacts", "s3"),
            ("Darkroom__S3__Endpoint", objects.Endpoint.ToString()), ("Darkroom__S3__Bucket", "pictures"), ("Darkroom__S3__AccessKey", S3Server.Key),
            ("Darkroom__S3__SecretKey", S3Server.Key), ("Darkroom__Engine__Lease", "4"), .. settings,
        ]);
}

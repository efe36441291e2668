using Darkroom.TestKit;
using Darkroom.TestKit.Databases;
using Darkroom.TestKit.Deploy;

namespace Darkroom.EndToEnd.Deploy;

/// <summary>
/// The cluster of <c>docker-compose.yml</c> as processes of this machine: each has the environment that the file gives its container, but for the addresses
/// of the stores, what the stores take for a key, and the two folders.
/// </summary>
public sealed class ComposeClusterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PostgresServer database = new();
    private readonly S3Server objects = new();
    private readonly DeploySecrets secrets = new();
    private readonly ComposeFile compose = new();

    public ComposeClusterTests()
    {
        File.WriteAllText(Path.Combine(secrets.Folder, "postgres"), database.ConnectionString());
        File.WriteAllText(Path.Combine(secrets.Folder, "s3_access_key"), S3Server.Key);
        File.WriteAllText(Path.Combine(secrets.Folder, "s3_secret_key"), S3Server.Key);
    }

    public void Dispose()
    {
        database.Dispose();
        objects.Dispose();
        secrets.Dispose();
    }

    [Fact]
    public async Task A_picture_is_drawn_by_a_worker_and_fetched_at_the_other_node_with_the_keys_that_the_script_made()
    {
        await using var one = await StartAsync("api-1");
        await using var other = await StartAsync("api-2");
        await using var worker = await StartAsync("worker");
        Assert.Equal(401, (await one.Client.FetchAsync("/v1/models")).Status);
        Assert.Equal(401, (await worker.Client.FetchAsync("/metrics")).Status);
        foreach (var node in new[] { one, other })
        {
            Authorize(node.Client, "api_key");
            await SeesModelsAsync(node.Client);
        }
        var made = (await one.Client.PostAsync(new { prompt = "a red apple", steps = 4, seed = 7, upscale = (object?)null })).Succeeded();
        string url = made.GetProperty("images")[0].GetProperty("url").GetString()!;
        Assert.Equal(200, (await other.Client.FetchAsync(url)).Status);
        Assert.Contains(objects.KeysOf("pictures"), key => key.Contains(url.Split('/')[^1], StringComparison.Ordinal));

        Authorize(worker.Client, "metrics_key");
        Assert.Contains("darkroom_images_total{", await worker.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Authorize(one.Client, "metrics_key");
        Assert.Equal(403, (await one.Client.FetchAsync("/v1/models")).Status);
    }

    [Fact]
    public async Task The_proxy_passes_events_on_as_they_come_and_leaves_out_a_node_that_stops()
    {
        Assert.SkipUnless(CaddyProxy.IsInstalled, "Caddy is not installed.");
        await using var one = await StartAsync("api-1");
        await using var other = await StartAsync("api-2");
        await using var worker = await StartAsync("worker");
        using var proxy = new CaddyProxy(one.Client.BaseAddress!, other.Client.BaseAddress!);
        await proxy.StartedAsync();
        Assert.Equal(401, (await proxy.Client.FetchAsync("/v1/models")).Status);
        // The proxy takes turns: both nodes must know of the worker before either is asked to begin.
        foreach (var client in new[] { proxy.Client, one.Client, other.Client })
        {
            Authorize(client, "api_key");
            await SeesModelsAsync(client);
        }

        string id = await proxy.Client.BeginAsync(new { prompt = "a red apple", steps = 150, seed = 7, count = 2, upscale = (object?)null });
        using var events = new StreamReader(await proxy.Client.GetStreamAsync($"/v1/jobs/{id}/events", TestContext.Current.CancellationToken));
        string? line;
        while ((line = await events.ReadLineAsync(TestContext.Current.CancellationToken)) != "event: progress") Assert.NotNull(line);
        Assert.Equal("running", (await proxy.Client.JobAsync(id)).GetProperty("status").GetString()); // an event came before the end

        one.Terminate();
        Assert.Equal(0, await one.ExitAsync(Patience));
        for (int i = 0; i < 20; i++) Assert.Equal(200, (await proxy.Client.FetchAsync("/v1/models")).Status);
        await Calls.UntilAsync("the job is done", async () => (await proxy.Client.JobAsync(id)).GetProperty("status").GetString() == "succeeded");
    }

    private static Task SeesModelsAsync(HttpClient client) => Calls.UntilAsync("the worker's models are known", async () =>
        (await client.FetchAsync("/v1/models")).Succeeded().GetProperty("data").GetArrayLength() > 0);

    private void Authorize(HttpClient client, string secret) => client.DefaultRequestHeaders.Authorization = new("Bearer", secrets[secret]);

    private Task<StartedServer> StartAsync(string service)
    {
        var environment = compose.Environment(service).ToDictionary(one => one.Key, one => secrets.OnThisMachine(one.Value));
        Assert.Equal("http://objects:8333", environment["Darkroom__S3__Endpoint"]);
        environment["Darkroom__S3__Endpoint"] = objects.Endpoint.ToString();
        environment.Remove("Darkroom__DataPath");
        environment.Remove("Darkroom__ModelsPath");
        return StartedServer.StartAsync(environment: [.. environment.Select(one => (one.Key, one.Value))]);
    }
}

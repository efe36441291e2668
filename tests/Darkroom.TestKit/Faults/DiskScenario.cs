using System.Net;
using System.Text.Json;

namespace Darkroom.TestKit.Faults;

/// <summary>Promise 13: a full disk loses nothing and heals. The whole server, its data folder on a small disk.</summary>
public sealed class DiskScenario : IFaultScenario
{
    private const int MiB = 6, MoreMiB = 16, Waiting = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "disk";

    public string Does => "the data folder on a tmpfs of 6 MiB, filled up while a job runs and others wait; killed, tried to start while it is full, " +
        "and started when there is room";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(scale);
        ArgumentNullException.ThrowIfNull(notes);
        int times = scale.Count(1, 10);
        for (int i = 0; i < times; i++)
        {
            using var disk = SmallDisk.TryMount(MiB);
            if (disk is null)
            {
                notes.Skip("no file system can be mounted here (it takes root)");
                return;
            }
            await RunAsync(disk, new Run(disk.Path), notes);
        }
        notes.Figure($"{times} full disks");
    }

    private static async Task RunAsync(SmallDisk disk, Run run, FaultNotes notes)
    {
        string filler;
        await using (var server = await run.StartAsync())
        {
            var client = server.Client;
            string running = await client.BeginAsync(Orders.Small(1000, steps: 150, count: 4));
            await client.RunsAsync(running);
            await client.AskAsync(HttpMethod.Post, "/v1/queue/pause");
            for (int i = 0; i < Waiting; i++) await run.Jobs.TryAddAsync(client);
            filler = disk.Fill();
            await RefusesAsync(client, run, notes);
            var (_, job) = await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + running);
            notes.Check(Orders.StatusOf(job) is "running" or "succeeded", $"The job that ran when the disk became full ended as {job}.");
            run.Running = running;
            notes.Check(!server.Output.Contains(" answered 500 in ", StringComparison.Ordinal), "Something was answered 500.");
            await server.KillAsync();
        }
        await DoesNotStartAsync(disk.Path, notes);
        File.Delete(filler);
        await using (var server = await run.StartAsync())
        {
            await ListsAsync(server.Client, run, notes, "when there is room");
            await server.Client.AskAsync(HttpMethod.Post, "/v1/queue/resume");
            var job = await server.Client.EndAsync(run.Running, Patience);
            notes.Check(Orders.StatusOf(job) == "succeeded", $"The job that ran when the disk became full ended as {job}.");
            await run.Jobs.TryAddAsync(server.Client);
            await run.Jobs.CheckAsync(server.Client, notes, samples: 2);
            notes.Check(!server.Output.Contains(" answered 500 in ", StringComparison.Ordinal), "Something was answered 500.");
        }
        disk.Resize(MoreMiB);
        await using var last = await run.StartAsync();
        await ListsAsync(last.Client, run, notes, "at the end");
    }

    /// <summary>A start has to write a little. One that cannot says so, breaks nothing, and ends with a code after which a supervisor tries again.</summary>
    private static async Task DoesNotStartAsync(string folder, FaultNotes notes)
    {
        var start = ServerProgram.Start("--urls", "http://127.0.0.1:0");
        start.Environment["Darkroom__DataPath"] = folder;
        using var process = System.Diagnostics.Process.Start(start)!;
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        notes.Check(process.ExitCode == 1 && said.Contains("is full", StringComparison.Ordinal) && !said.Contains("   at ", StringComparison.Ordinal),
            $"The start on a full disk ended with {process.ExitCode}: {said}");
    }

    /// <summary>New jobs and changes are a 507 from some moment on, and never anything else than that or done.</summary>
    private static async Task RefusesAsync(HttpClient client, Run run, FaultNotes notes)
    {
        await Until.HoldsAsync("a job is refused", async () => await run.Jobs.TryAddAsync(client) is null); // the journal may have room left
        var (status, problem) = await client.PostAsync(Orders.Small(1, 2), waits: true);
        notes.Check(status == HttpStatusCode.InsufficientStorage && SlugOf(problem) == "storage_full", $"A request was answered {(int)status}: {problem}");
        string waits = run.Jobs.Ids.First();
        foreach (var method in (HttpMethod[])[HttpMethod.Delete, HttpMethod.Patch])
        {
            var (changed, answer) = await ChangeAsync(client, method, waits);
            notes.Check(changed == HttpStatusCode.InsufficientStorage && SlugOf(answer) == "storage_full", $"{method} was answered {(int)changed}: {answer}");
        }
        notes.Check(run.Jobs.Refusals.Keys.All(one => one == HttpStatusCode.InsufficientStorage), "A refusal was none of a full disk.");
        var (_, job) = await client.AskAsync(HttpMethod.Get, "/v1/jobs/" + waits);
        notes.Check(Orders.StatusOf(job) == "queued", $"A change that was refused changed it: {job}");
        using var alive = await client.GetAsync(new Uri("/livez", UriKind.Relative));
        notes.Check(alive.StatusCode == HttpStatusCode.OK, $"/livez answered {(int)alive.StatusCode}.");
    }

    private static async Task<(HttpStatusCode, JsonElement)> ChangeAsync(HttpClient client, HttpMethod method, string id)
    {
        using var request = new HttpRequestMessage(method, "/v1/jobs/" + id);
        if (method == HttpMethod.Patch) request.Content = System.Net.Http.Json.JsonContent.Create(new { priority = "high" });
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsByteArrayAsync()));
    }

    private static async Task ListsAsync(HttpClient client, Run run, FaultNotes notes, string when)
    {
        var (status, list) = await client.AskAsync(HttpMethod.Get, "/v1/jobs?limit=100");
        if (status != HttpStatusCode.OK)
        {
            notes.Find($"The list {when} was answered {(int)status}.");
            return;
        }
        var ids = list.GetProperty("data").EnumerateArray().Select(job => job.GetProperty("id").GetString()).ToHashSet();
        notes.Check(run.Jobs.Ids.All(ids.Contains) && ids.Contains(run.Running), $"Jobs are missing in the list {when}: {list}");
    }

    private static string SlugOf(JsonElement problem) =>
        problem.ValueKind == JsonValueKind.Object && problem.TryGetProperty("type", out var type) ? type.GetString()!.Split('/')[^1] : "";

    /// <summary>What one disk's servers have in common.</summary>
    private sealed class Run(string folder)
    {
        public AcceptedJobs Jobs { get; } = new(steps: 4);

        public string Running { get; set; } = "";

        public Task<StartedServer> StartAsync() => StartedServer.StartAsync(null, folder, ("Darkroom__MaxCrashes", "1000"));
    }
}

using System.Diagnostics;

namespace Darkroom.TestKit.Faults;

/// <summary>Promises 1, 2, 3 and 11: what was accepted is done, whatever happens to the process.</summary>
public sealed class KillScenario : IFaultScenario
{
    private const int Callers = 4, Steps = 6, Samples = 40;

    public string Name => "kill";

    public string Does => "SIGKILL at random moments under load, every fifth while the server starts; the same of a random one of two workers of a cluster";

    public async Task RunAsync(FaultScale scale, FaultNotes notes)
    {
        ArgumentNullException.ThrowIfNull(notes);
        ArgumentNullException.ThrowIfNull(scale);
        int kills = scale.Count(20, 500);
        await KillServerAsync(kills, notes);
        if (scale.IsLong) await KillWorkersAsync(Math.Max(1, kills / 10), notes);
    }

    private static async Task KillServerAsync(int kills, FaultNotes notes)
    {
        var (random, jobs) = (new Random(1), new AcceptedJobs(Steps));
        string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        (string, string)[] settings = [("Darkroom__MaxCrashes", "1000")]; // these jobs are not to blame
        try
        {
            int inStart = 0;
            for (int i = 1; i <= kills; i++)
            {
                if (i % 5 == 0)
                {
                    await KillInStartAsync(data, random.Next(50, 1500));
                    inStart++;
                    continue;
                }
                await using var server = await StartedServer.StartAsync(null, data, settings);
                using var stop = new CancellationTokenSource();
                var callers = jobs.CallAsync(server.Client, Callers, stop.Token);
                await Task.Delay(random.Next(20, 1500));
                await server.KillAsync();
                await stop.CancelAsync();
                await callers;
            }
            await using var last = await StartedServer.StartAsync(null, data, settings);
            await jobs.CheckAsync(last.Client, notes, Samples);
            notes.Figure($"one server with SQLite: {kills} kills, {inStart} of them in its start");
            notes.Check(jobs.Count >= kills / 2, "Too few jobs were accepted for this to say anything.");
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task KillInStartAsync(string data, int milliseconds)
    {
        var start = ServerProgram.Start("--urls", "http://127.0.0.1:0");
        (start.Environment["Darkroom__DataPath"], start.Environment["Darkroom__MaxCrashes"]) = (data, "1000");
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.Delay(milliseconds);
        process.Kill();
        await process.WaitForExitAsync();
    }

    private static async Task KillWorkersAsync(int kills, FaultNotes notes)
    {
        var (random, jobs) = (new Random(2), new AcceptedJobs(Steps));
        using var cluster = new Cluster();
        await using var api = await cluster.StartAsync("api");
        var workers = new List<StartedServer> { await cluster.StartAsync("worker"), await cluster.StartAsync("worker") };
        try
        {
            await Cluster.SeesModelsAsync(api);
            using var stop = new CancellationTokenSource();
            var callers = jobs.CallAsync(api.Client, Callers, stop.Token);
            for (int i = 0; i < kills; i++)
            {
                await Task.Delay(random.Next(100, 3000));
                int chosen = random.Next(workers.Count);
                await workers[chosen].KillAsync();
                await workers[chosen].DisposeAsync();
                workers[chosen] = await cluster.StartAsync("worker");
            }
            await stop.CancelAsync();
            await callers;
            await jobs.CheckAsync(api.Client, notes, Samples);
            notes.Figure($"PostgreSQL and S3, one of two workers: {kills} kills");
        }
        finally
        {
            foreach (var worker in workers) await worker.DisposeAsync();
        }
    }
}

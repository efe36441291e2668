using System.Diagnostics;
using System.Globalization;
using Darkroom.Benchmarks.Load;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Postgres;
using Darkroom.TestKit.Databases;
using Npgsql;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>Workers in this process on one real database server with its usual durability. Each has a store and a pool of connections of its own.</summary>
internal sealed class ClusterRun : IAsyncDisposable
{
    public static readonly AddTerms Terms = new() { MaxQueued = int.MaxValue };

    private const int Places = 4;
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(3);

    private readonly PostgresServer server;
    private readonly List<PostgresJobStore> stores = [];
    private int nextId;

    private ClusterRun(PostgresServer server, NpgsqlConnection connection) => (this.server, Connection) = (server, connection);

    public NpgsqlConnection Connection { get; }

    /// <summary>Jobs that wait when a point begins.</summary>
    public required int Jobs { get; init; }

    public required double Seconds { get; init; }

    public static async Task<ClusterRun> StartAsync(int jobs, double seconds)
    {
        var server = new PostgresServer();
        var connection = new NpgsqlConnection(server.ConnectionString());
        await connection.OpenAsync();
        var run = new ClusterRun(server, connection) { Jobs = jobs, Seconds = seconds };
        await run.StoreAsync(0); // it makes the tables
        return run;
    }

    /// <summary>The version and the settings that matter, as the server gives them.</summary>
    public async Task<string> ServerAsync()
    {
        await using var command = new NpgsqlCommand(
            "SELECT 'PostgreSQL ' || current_setting('server_version') || ', ' || string_agg(name || ' ' || current_setting(name), ', ' ORDER BY name) " +
            "FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size')", Connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The store of a node; the same one every time.</summary>
    public async Task<PostgresJobStore> StoreAsync(int node)
    {
        while (stores.Count <= node)
        {
            string text = server.ConnectionString().Replace("Maximum Pool Size=40", "Maximum Pool Size=3", StringComparison.Ordinal) +
                string.Create(CultureInfo.InvariantCulture, $";Application Name=node{stores.Count}");
            stores.Add(await PostgresJobStore.OpenAsync(new PostgresOptions { ConnectionString = text }, TimeProvider.System, default));
        }
        return stores[node];
    }

    /// <summary>An empty table, and so many jobs in it.</summary>
    public async Task ResetAsync(int jobs)
    {
        await ScriptedJobs.ExecuteAsync(Connection, "TRUNCATE job RESTART IDENTITY");
        if (jobs > 0) await ScriptedJobs.QueueAsync(Connection, 0, jobs);
        await ScriptedJobs.ExecuteAsync(Connection, "ANALYZE job"); // not while jobs go through: it would end a vacuum that the server began
        await ScriptedJobs.ExecuteAsync(Connection, "CHECKPOINT");
        await Task.Delay(1200); // every view of the queue is older than it may be
    }

    /// <summary>Measures some workers for some seconds, while one job of high priority after another comes in between.</summary>
    public async Task<ClusterPoint> MeasureAsync(int workers, TimeSpan step)
    {
        await ResetAsync(Jobs);
        var tally = new ClusterTally();
        using var stop = new CancellationTokenSource();
        using var counter = new CommandCounter();
        List<double> high = [], told = [];
        var tasks = await StartWorkersAsync(workers, step, tally, stop.Token);
        await Task.Delay(Warm);
        var before = await DatabaseReading.TakeAsync(Connection);
        long sent = counter.Sent;
        double own = Environment.CpuUsage.TotalTime.TotalSeconds;
        tally.Begin();
        var began = Stopwatch.GetTimestamp();
        await ProbeAsync(tally, began, high, told);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        tally.End();
        (sent, own) = (counter.Sent - sent, Environment.CpuUsage.TotalTime.TotalSeconds - own);
        var after = await DatabaseReading.TakeAsync(Connection);
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        return new ClusterPoint
        {
            Workers = workers, Step = step, Seconds = seconds, Tally = tally, Before = before, After = after, Commands = sent, Cores = own / seconds,
            HighMs = Spread.Of(high), ToldMs = Spread.Of(told),
        };
    }

    /// <summary>Starts workers on nodes of their own, from the third on.</summary>
    public async Task<List<Task>> StartWorkersAsync(int workers, TimeSpan step, ClusterTally tally, CancellationToken stop)
    {
        List<Task> tasks = [];
        await StoreAsync(workers + 1);
        for (int i = 0; i < workers; i++)
        {
            var worker = new ScriptedWorker(stores[i + 2], $"worker-{i}-{Guid.NewGuid():N}", step, Places, tally);
            tasks.Add(Task.Run(() => worker.RunAsync(stop), CancellationToken.None));
        }
        return tasks;
    }

    /// <summary>Admissions a second, and what one takes in milliseconds.</summary>
    public async Task<(double PerSecond, Spread Ms)> AdmitAsync(int waiting, int clients, double seconds)
    {
        await ResetAsync(waiting);
        var store = await StoreAsync(0);
        var began = Stopwatch.GetTimestamp();
        var took = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var own = new List<double>();
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                long start = Stopwatch.GetTimestamp();
                await AddAsync(store, NextId(), JobPriority.Normal, client);
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
            return own;
        })));
        var all = Spread.Of(took.SelectMany(static own => own));
        return (all.Count / Stopwatch.GetElapsedTime(began).TotalSeconds, all);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in stores) await store.DisposeAsync();
        await Connection.DisposeAsync();
        server.Dispose();
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"added-{Interlocked.Increment(ref nextId):D8}");

    private static async Task AddAsync(PostgresJobStore store, string id, JobPriority priority, int number)
    {
        var admitted = ScriptedJobs.Admit(id, ScriptedJobs.Model(number), priority == JobPriority.High ? "urgent" : ScriptedJobs.Caller(number), priority);
        if (await store.AddAsync(admitted, Terms, default) is not AddOutcome.Added) throw new InvalidOperationException("The job was not added.");
    }

    private async Task ProbeAsync(ClusterTally tally, long began, List<double> high, List<double> told)
    {
        var (front, waiter) = (await StoreAsync(0), await StoreAsync(1));
        for (int i = 0; Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds; i++)
        {
            string id = NextId();
            var claimed = tally.Awaited.GetOrAdd(id, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
            long start = Stopwatch.GetTimestamp();
            await AddAsync(front, id, JobPriority.High, i);
            var end = waiter.WaitAsync(id, CancellationToken.None).AsTask();
            high.Add(Stopwatch.GetElapsedTime(start, await claimed.Task.WaitAsync(TimeSpan.FromSeconds(60))).TotalMilliseconds);
            await end.WaitAsync(TimeSpan.FromSeconds(60));
            long now = Stopwatch.GetTimestamp();
            if (tally.EndedAt.TryGetValue(id, out long ended)) told.Add(Math.Max(0, Stopwatch.GetElapsedTime(ended, now).TotalMilliseconds));
        }
    }
}

using System.Diagnostics;
using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>How large the table of jobs is before and after many went through it, and how much of that is what they left behind.</summary>
internal static class ThroughRun
{
    private const int Batch = 10_000;

    /// <summary>Jobs queued, then made by workers whose steps take no time, until none is left.</summary>
    public static async Task<(double Seconds, IReadOnlyList<DatabaseState> States)> ByWorkersAsync(ClusterRun run, int jobs, int workers)
    {
        await run.ResetAsync(jobs);
        List<DatabaseState> states = [await DatabaseState.TakeAsync(run.Connection, $"{jobs:N0} queued")];
        var tally = new ClusterTally();
        using var stop = new CancellationTokenSource();
        long began = Stopwatch.GetTimestamp();
        tally.Begin();
        var tasks = await run.StartWorkersAsync(workers, TimeSpan.Zero, tally, stop.Token);
        while (tally.Finished < jobs) await Task.Delay(100);
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        states.Add(await DatabaseState.TakeAsync(run.Connection, $"{jobs:N0} ended, by {workers} workers"));
        return (seconds, states);
    }

    /// <summary>
    /// The same changes by statements over ten thousand rows each, and with the sweep that follows: ten times a tenth goes through, and all but the last tenth
    /// is removed.
    /// </summary>
    public static async Task<IReadOnlyList<DatabaseState>> ByStatementsAsync(ClusterRun run, int jobs)
    {
        await run.ResetAsync(0);
        string claimed, ended;
        {
            var admitted = ScriptedJobs.Admit("", "model-0", "caller-00", JobPriority.Normal);
            var record = new JobRecord(admitted.Job, admitted.Events, 0) { Cost = 1 };
            var now = TimeProvider.System.GetUtcNow();
            var running = record.Apply(new JobCommand.Claim(), now)!;
            (claimed, ended) = (StoredJob.OutcomeOf(running), StoredJob.OutcomeOf(running.Apply(ScriptedWorker.Succeed, now)!));
        }
        List<DatabaseState> states = [];
        int round = jobs / 10;
        for (int i = 0; i < 10; i++)
        {
            await ScriptedJobs.QueueAsync(run.Connection, i * round, round);
            if (i == 0) states.Add(await DatabaseState.TakeAsync(run.Connection, $"{round:N0} queued"));
            for (int done = 0; done < round; done += Batch)
            {
                string first = $"SELECT id FROM job WHERE state = 'queued' ORDER BY turn, seq LIMIT {Batch}";
                await ScriptedJobs.ExecuteAsync(run.Connection,
                    $"UPDATE job SET state = 'running', started_at = clock_timestamp(), attempt = 1, version = 2, owner = 'worker', leased_until = now(), " +
                    $"outcome = '{claimed}' WHERE id IN ({first})");
                await ScriptedJobs.ExecuteAsync(run.Connection,
                    $"UPDATE job SET state = 'succeeded', finished_at = clock_timestamp(), version = 12, leased_until = NULL, outcome = '{ended}' " +
                    "WHERE state = 'running'");
            }
            if (i < 9)
                await ScriptedJobs.ExecuteAsync(run.Connection, "DELETE FROM job WHERE finished_at IS NOT NULL");
            if (i is 0 or 4 or 9)
            {
                await Task.Delay(2000);
                states.Add(await DatabaseState.TakeAsync(run.Connection, $"{(i + 1) * round:N0} ended{(i < 9 ? ", all removed" : ", the last tenth kept")}"));
            }
        }
        await ScriptedJobs.ExecuteAsync(run.Connection, "VACUUM job");
        states.Add(await DatabaseState.TakeAsync(run.Connection, "after a vacuum"));
        await ScriptedJobs.ExecuteAsync(run.Connection, "REINDEX TABLE job");
        states.Add(await DatabaseState.TakeAsync(run.Connection, "after a new build of the indexes"));
        return states;
    }
}

using System.Collections.Immutable;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// The queue as this process sees it, for the loop that asks at every tick: read again when this process added to it, when another one said so (not more often
/// than <see cref="MinAge"/>), and when it has become old or short. What this process takes leaves the list without a look at the database. Rows are read
/// once: of a job that is known only its version is.
/// </summary>
/// <param name="database">Of the jobs.</param>
/// <param name="time">Says how old the view is.</param>
internal sealed class WaitingView(Database database, TimeProvider time)
{
    /// <summary>How long others' changes may stay unseen, so that a busy queue is not read at every step.</summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromMilliseconds(100);

    /// <summary>After it the queue is read again, whether anybody said something or not.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private const string OfAll = "SELECT id, version, caller FROM job WHERE state = 'queued' ORDER BY turn, seq LIMIT $1";

    private const string OfModels =
        "SELECT one.id, one.version, one.caller FROM unnest($2) AS wanted(model) CROSS JOIN LATERAL (SELECT id, version, caller, turn, seq FROM job " +
        "WHERE state = 'queued' AND job.model = wanted.model ORDER BY turn, seq LIMIT $1) AS one ORDER BY one.turn, one.seq LIMIT $1";

    // Callers by the index, one step for each; of those with nothing in sight the first jobs.
    private const string OfOthers =
        "WITH RECURSIVE callers(caller) AS ((SELECT caller FROM job WHERE state = 'queued' ORDER BY caller LIMIT 1) UNION ALL " +
        "SELECT (SELECT job.caller FROM job WHERE state = 'queued' AND job.caller > callers.caller ORDER BY job.caller LIMIT 1) FROM callers " +
        "WHERE callers.caller IS NOT NULL), " +
        "others AS (SELECT caller FROM callers WHERE caller IS NOT NULL AND caller <> ALL($2) LIMIT $1) " +
        "SELECT one.id, one.version, one.model FROM others CROSS JOIN LATERAL (SELECT id, version, turn, seq, model FROM job " +
        "WHERE state = 'queued' AND job.caller = others.caller ORDER BY turn, seq LIMIT greatest(1, $1 / (SELECT count(*)::int FROM others))) AS one " +
        "ORDER BY one.turn, one.seq LIMIT $1";

    private const string Oldest = "SELECT id, version, model FROM job WHERE state = 'queued' ORDER BY seq LIMIT $1";

    private readonly SemaphoreSlim reading = new(1);
    private readonly Lock gate = new();
    private readonly HashSet<string> gone = [];
    private Dictionary<string, Job> known = [];
    private int room; // jobs that may leave the list before it is read again
    private IReadOnlyList<Job> list = ImmutableArray<Job>.Empty;
    private (int Limit, int Oldest) limits;
    private long readAt;
    private volatile bool isStale = true, othersChanged;

    /// <summary>Jobs that this process claims; null: all.</summary>
    public IClaimCheck? Scope { get; set; }

    /// <summary>This process changed the queue: what is asked next must show it.</summary>
    public void Invalidate() => isStale = true;

    /// <summary>Jobs wait no more: this process took them, or found them taken.</summary>
    public void Gone(ReadOnlySpan<string> ids)
    {
        lock (gate)
            foreach (string id in ids) gone.Add(id);
    }

    /// <summary>Another process says that it changed the queue.</summary>
    public void OthersChanged() => othersChanged = true;

    /// <summary>As <see cref="IJobStore.WaitingAsync"/>; nothing while the database is away.</summary>
    public ValueTask<IReadOnlyList<Job>> GetAsync(int limit, int oldest, CancellationToken cancellation)
    {
        var age = time.GetElapsedTime(readAt);
        bool isGood = !isStale && limits == (limit, oldest) && age < MaxAge && (!othersChanged || age < MinAge);
        return isGood && LeaveOutGone() ? ValueTask.FromResult(list) : ReadAsync(limit, oldest, cancellation);
    }

    /// <returns>Whether enough are left.</returns>
    private bool LeaveOutGone()
    {
        lock (gate)
        {
            if (gone.Count == 0) return true;
            int before = list.Count;
            if (list.Any(job => gone.Contains(job.Id))) list = [.. list.Where(job => !gone.Contains(job.Id))];
            gone.Clear();
            room -= before - list.Count;
            return room >= 0;
        }
    }

    private async ValueTask<IReadOnlyList<Job>> ReadAsync(int limit, int oldest, CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            (isStale, othersChanged) = (false, false);
            lock (gate) gone.Clear();
            limits = (limit, oldest);
            await ReadInsideAsync(limit, oldest, cancellation);
            readAt = time.GetTimestamp();
            return list;
        }
        catch (StoreException e) when (e.Fault == StoreFault.Unavailable)
        {
            // Nothing can be claimed either, and what runs goes on.
            (isStale, readAt) = (false, time.GetTimestamp());
            (list, known) = (ImmutableArray<Job>.Empty, []);
            return list;
        }
        catch
        {
            isStale = true;
            throw;
        }
        finally
        {
            reading.Release();
        }
    }

    private async Task ReadInsideAsync(int limit, int oldest, CancellationToken cancellation)
    {
        var scope = Scope;
        string[]? mine = scope is null ? null : [.. scope.Models];
        var seen = await database.ReadAsync((connection, token) => ReadIdsAsync(connection, limit, oldest, mine, token), cancellation);
        room = seen.Count < limit ? int.MaxValue : limit / 8; // all that waits is in a short list
        string[] missing = [.. seen.Where(one => known.GetValueOrDefault(one.Id)?.Version != one.Version).Select(one => one.Id)];
        var fresh = missing.Length == 0 ? []
            : (await database.ReadJobsAsync("WHERE id = ANY($1) AND state = 'queued'", cancellation, JobTable.Of(missing)))
                .ToDictionary(record => record.Job.Id, record => record.Job);
        var next = new Dictionary<string, Job>(seen.Count);
        var jobs = new List<Job>(seen.Count);
        foreach (var (id, version) in seen)
        {
            var job = fresh.GetValueOrDefault(id) ?? known.GetValueOrDefault(id);
            if (job is null || (job.Version != version && !fresh.ContainsKey(id))) continue; // it went in this moment
            next[id] = job;
            if (scope is null || scope.CanMake(job)) jobs.Add(job);
        }
        known = next;
        lock (gate)
            if (jobs.Count != list.Count || !jobs.SequenceEqual(list)) list = [.. jobs]; // who holds the old one reads it to its end
    }

    private static async Task<List<(string Id, long Version)>> ReadIdsAsync(
        NpgsqlConnection connection, int limit, int oldest, string[]? models, CancellationToken cancellation)
    {
        var seen = new List<(string, long)>();
        var ids = new HashSet<string>();
        var callers = new HashSet<string>();
        await using (var command = new NpgsqlCommand(models is null ? OfAll : OfModels, connection) { Parameters = { JobTable.Of(limit) } })
        {
            if (models is not null) command.Parameters.Add(JobTable.Of(models));
            await using var first = await command.ExecuteReaderAsync(cancellation);
            while (await first.ReadAsync(cancellation))
            {
                seen.Add((first.GetString(0), first.GetInt64(1)));
                ids.Add(first.GetString(0));
                callers.Add(first.GetString(2));
            }
        }
        if (oldest == 0 || seen.Count < limit) return seen; // all are seen
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Change.Command(OfOthers, JobTable.Of(oldest / 2), JobTable.Of([.. callers])),
                Change.Command(Oldest, JobTable.Of(limit + oldest)),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        do
        {
            while (oldest > 0 && await rows.ReadAsync(cancellation))
            {
                if ((models is not null && !models.Contains(rows.GetString(2))) || !ids.Add(rows.GetString(0))) continue;
                seen.Add((rows.GetString(0), rows.GetInt64(1)));
                oldest--;
            }
        }
        while (await rows.NextResultAsync(cancellation));
        return seen;
    }
}

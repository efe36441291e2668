using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// What goes on beside the operations of a store: it hears what others tell, prolongs leases, and looks by itself from time to time at all that it could have
/// missed.
/// </summary>
internal sealed class Pulse : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1), LookEveryWhileListening = TimeSpan.FromSeconds(5);

    /// <summary>What the loop waits for a lease to be prolonged: it is not held up by a database that does not answer.</summary>
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromMilliseconds(50);

    private readonly Lock gate = new();
    private readonly CancellationTokenSource closing = new();
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly Database database;
    private readonly HeldClaims claims;
    private readonly WatchedJobs watched;
    private readonly WaitingView waiting;
    private readonly TimeProvider time;
    private readonly Func<JobRecord, bool> learn;
    private readonly Listener listener;
    private readonly RemoteSteps remote = new();
    private HashSet<string> told = []; // jobs whose rows changed elsewhere
    private Task running = Task.CompletedTask, renewal = Task.CompletedTask;
    private long awayAt;
    private volatile bool isPaused, wasAway;

    public Pulse(
        Database database, HeldClaims claims, WatchedJobs watched, WaitingView waiting, string self, TimeProvider time, Func<JobRecord, bool> learn)
    {
        (this.database, this.claims, this.watched, this.waiting, this.time, this.learn) = (database, claims, watched, waiting, time, learn);
        listener = new Listener(database, self, Hear, NoteAway, time); // whose connection breaks at once, while this loop may be between two looks
    }

    /// <summary>Told when another process changed the queue, or took what this one held.</summary>
    public event Action? QueueChanged;

    /// <summary>Told when another process wrote an end that is to be told outside.</summary>
    public event Action? DeliveryWritten;

    /// <summary>Told of everything that another process tells.</summary>
    public event Action<Bulletin>? Heard;

    /// <summary>The time by which this process stamps steps and measures leases.</summary>
    public DateTimeOffset Now => database.Now ?? time.GetUtcNow();

    public bool IsPaused
    {
        get => isPaused;
        set => isPaused = value;
    }

    /// <summary>Looks once, and begins.</summary>
    public async Task StartAsync()
    {
        await LookAsync(closing.Token);
        running = Task.Run(() => RunAsync(closing.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await listener.DisposeAsync();
        await running;
        await renewal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
        wanted.Dispose();
    }

    /// <summary>Whether the database could not be reached within so long.</summary>
    public bool WasAwayWithin(TimeSpan span) => wasAway && time.GetElapsedTime(awayAt) < span;

    /// <summary>The record with the steps that are known to be done, here or elsewhere.</summary>
    public JobRecord WithSteps(JobRecord record)
    {
        if (record.Job.State != JobState.Running) return record;
        if (claims.ProgressOf(record.Job.Id) is { } held && held.Attempt == record.Job.Attempt)
            return held.Progress.Step > 0 ? Versions.WithProgress(record, held.Progress, held.At) : record;
        return remote.Find(record.Job.Id, record.Job.Attempt) is var (progress, at) ? Versions.WithProgress(record, progress, at) : record;
    }

    /// <summary>Prolongs leases of which a good part has passed; waits for it only a moment.</summary>
    public async ValueTask RenewIfDueAsync()
    {
        if (renewal.IsCompleted && claims.TakeDue(Now) is { Count: > 0 } due) renewal = RenewAsync(due);
        if (!renewal.IsCompleted) await Task.WhenAny(renewal, Task.Delay(RenewalPatience, CancellationToken.None));
    }

    private void NoteAway() => (awayAt, wasAway) = (time.GetTimestamp(), true);

    private async Task RunAsync(CancellationToken cancellation)
    {
        long lookedAt = time.GetTimestamp();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var every = listener.IsListening ? LookEveryWhileListening : LookEvery;
                var left = every - time.GetElapsedTime(lookedAt);
                if (left > TimeSpan.Zero) await wanted.WaitAsync(left, cancellation);
                await ReadToldAsync(cancellation);
                if (time.GetElapsedTime(lookedAt) < every) continue;
                lookedAt = time.GetTimestamp();
                await LookAsync(cancellation);
            }
            catch (StoreException)
            {
                NoteAway();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Hear(Bulletin bulletin)
    {
        lock (gate) told.UnionWith(bulletin.Jobs.Where(id => watched.Contains(id) || claims.ProgressOf(id) is not null));
        foreach (var steps in bulletin.Steps)
        {
            remote.Learn(steps, Now);
            watched.Advance(steps.Id, steps.Attempt, steps.Step, steps.Steps, Now);
        }
        if (bulletin.Queue)
        {
            waiting.OthersChanged();
            QueueChanged?.Invoke();
        }
        Heard?.Invoke(bulletin);
        if (bulletin.Delivery) DeliveryWritten?.Invoke();
        lock (wanted)
            if (wanted.CurrentCount == 0) wanted.Release();
    }

    private async Task ReadToldAsync(CancellationToken cancellation)
    {
        string[] ids;
        lock (gate)
        {
            if (told.Count == 0) return;
            ids = [.. told];
            told = [];
        }
        await ReadAsync(ids, cancellation);
    }

    /// <summary>Reads rows and learns from them; jobs without a row are gone.</summary>
    private async Task ReadAsync(string[] ids, CancellationToken cancellation)
    {
        bool isLost = false;
        var missing = ids.ToHashSet();
        foreach (var record in await database.ReadJobsAsync("WHERE id = ANY($1)", cancellation, JobTable.Of(ids)))
        {
            missing.Remove(record.Job.Id);
            isLost |= learn(record);
        }
        foreach (string id in missing)
        {
            isLost |= claims.Lose(id);
            watched.Lose(id);
        }
        if (isLost) QueueChanged?.Invoke();
    }

    /// <summary>
    /// Looks for all that may have happened unheard: a pause, ends of watched jobs, lost claims. The clock of this process follows the database's.
    /// </summary>
    private async Task LookAsync(CancellationToken cancellation)
    {
        var known = watched.Unfinished();
        string[] ids = [.. known.Keys.Union(claims.Ids())];
        var held = claims.Ids().ToHashSet();
        var (paused, now, rows) = await database.ReadAsync((connection, token) => LookAsync(connection, ids, token), cancellation);
        isPaused = paused;
        if (time is SteadyTime steady) steady.Follow(now);
        string[] changed =
        [
            .. ids.Where(id => !rows.TryGetValue(id, out var row) || (known.TryGetValue(id, out long version) && row.Version > version)
                || (held.Contains(id) && claims.ProgressOf(id) is { } claim && (row.State != "running" || row.Attempt != claim.Attempt))
                || claims.IsOlder(id, row.Version)),
        ];
        if (changed.Length > 0) await ReadAsync(changed, cancellation);
    }

    private static async Task<(bool Paused, DateTimeOffset Now, Dictionary<string, (long Version, string State, int Attempt)> Rows)> LookAsync(
        NpgsqlConnection connection, string[] ids, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Change.Command("SELECT paused, clock_timestamp() FROM meta"),
                Change.Command("SELECT id, version, state, attempt FROM job WHERE id = ANY($1)", JobTable.Of(ids)),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var (paused, now) = (rows.GetBoolean(0), new DateTimeOffset(rows.GetDateTime(1), TimeSpan.Zero));
        await rows.NextResultAsync(cancellation);
        var found = new Dictionary<string, (long, string, int)>();
        while (await rows.ReadAsync(cancellation)) found[rows.GetString(0)] = (rows.GetInt64(1), rows.GetString(2), rows.GetInt32(3));
        return (paused, now, found);
    }

    private async Task RenewAsync(List<(JobOwner Owner, JobClaim[] Claims)> due)
    {
        try
        {
            foreach (var (owner, held) in due)
            {
                var renewed = await database.ReadAsync((connection, token) => RenewAsync(connection, owner, held, token), closing.Token);
                bool isLost = false;
                foreach (var claim in held) isLost |= !renewed.Contains(claim.JobId) && claims.Lose(claim.JobId);
                if (isLost) QueueChanged?.Invoke();
            }
        }
        catch (StoreException)
        {
            NoteAway();
        }
        catch (OperationCanceledException)
        {
            // The store is closed.
        }
    }

    private async Task<HashSet<string>> RenewAsync(NpgsqlConnection connection, JobOwner owner, JobClaim[] held, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "UPDATE job SET leased_until = coalesce($1, clock_timestamp()) + $2 FROM unnest($3, $4) AS mine(id, attempt) " +
            "WHERE job.id = mine.id AND job.attempt = mine.attempt AND job.state = 'running' AND job.owner = $5 RETURNING job.id", connection)
        {
            Parameters =
            {
                JobTable.Of(database.Now), JobTable.Of(owner.Lease), JobTable.Of([.. held.Select(one => one.JobId)]),
                JobTable.Of([.. held.Select(one => one.Attempt)]), JobTable.Of(owner.Id),
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var renewed = new HashSet<string>();
        while (await rows.ReadAsync(cancellation)) renewed.Add(rows.GetString(0));
        return renewed;
    }
}

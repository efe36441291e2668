using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Workers;
using Darkroom.Storage.Keeping;
using Darkroom.Storage.Live;
using Darkroom.Storage.Resilience;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Jobs in a PostgreSQL database that any number of processes share. Each change is one transaction that locks the rows it decides on; all time is the
/// database's. What others do is heard over LISTEN and looked for by polling, so a lost notification costs a second and nothing else.
/// </summary>
public sealed class PostgresJobStore : IJobStore, IWebhookOutbox, IStoreHealth, IAsyncDisposable
{
    /// <summary>Claims that one round of <see cref="RecoverAsync"/> and deadlines that one of <see cref="ExpireAsync"/> ends: others get their turn.</summary>
    private const int Together = 200;

    private readonly Database database;
    private readonly Admissions admissions;
    private readonly HeldClaims claims = new();
    private readonly WatchedJobs watched = new();
    private readonly WaitingView waiting;
    private readonly Announcer announcer;
    private readonly OutboxTable outbox;
    private readonly JobQuestions questions;
    private readonly Pulse pulse;
    private bool isClosed;

    private PostgresJobStore(Database database, TimeProvider time)
    {
        this.database = database;
        (Workers, Usage, Secrets) = (new WorkerTable(database), new UsageTable(database), new SecretTable(database));
        (outbox, questions) = (new(database), new(database));
        string self = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        waiting = new WaitingView(database, time);
        announcer = new Announcer(database, self, time);
        admissions = new Admissions(database, Publish);
        pulse = new Pulse(database, claims, watched, waiting, self, time, Learn);
        pulse.Heard += bulletin => announcer.Heard(bulletin.Sender);
        pulse.QueueChanged += () => Changed?.Invoke();
        pulse.DeliveryWritten += () => DeliveryWritten?.Invoke();
    }

    public event Action<Job>? Finished;

    public event Action? Changed;

    public event Action? DeliveryWritten;

    public bool OutlivesProcess => true;

    public bool IsPaused => pulse.IsPaused;

    /// <summary>Where workers tell what they can make.</summary>
    public IWorkerBoard Workers { get; }
    public IUsageBook Usage { get; }
    public ISharedSecrets Secrets { get; }

    /// <summary>Which jobs <see cref="WaitingAsync"/> shows, and so which are claimed; null: all.</summary>
    public IClaimCheck? Scope
    {
        get => waiting.Scope;
        set => waiting.Scope = value;
    }

    /// <summary>Previews from and for the other processes.</summary>
    /// <param name="files">Where they lie, for all of them.</param>
    /// <param name="time">Says how long a reader's wish holds.</param>
    public IPreviewCarrier CarryPreviews(IPreviewFiles files, TimeProvider time)
    {
        var carrier = new PreviewCarrier(announcer, files, time);
        pulse.Heard += carrier.Hear;
        return carrier;
    }

    public string Name => "jobs";

    public string? Trouble => database.Trouble;

    public async ValueTask CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await CountQueuedAsync(cancellation);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // What was found is told.
        }
    }

    /// <summary>Opens the jobs of a database, and brings its schema up to date.</summary>
    /// <param name="options">Which database, and what this process runs.</param>
    /// <param name="time">Measures waits; a <see cref="SteadyTime"/> follows the database's clock from here on, by which all moments are.</param>
    /// <exception cref="StoreException">It cannot be reached, or was written by a newer version.</exception>
    public static async Task<PostgresJobStore> OpenAsync(PostgresOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Database? database = null;
        try
        {
            database = new Database(NpgsqlDataSource.Create(options.Connection), Pipelines.Postgres(time, Faults.IsPassing), options.Now);
            await database.ReadAsync(async (connection, token) =>
            {
                await Migrations.RunAsync(connection, token);
                return true;
            }, cancellation);
            var store = new PostgresJobStore(database, time);
            await store.pulse.StartAsync();
            return store;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (database is not null) await database.DisposeAsync();
            throw e is ArgumentException ? new StoreException("Darkroom:Postgres is no connection string.", StoreFault.Damaged, e) : Faults.Of(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isClosed, true)) return;
        await admissions.DisposeAsync();
        await pulse.DisposeAsync();
        await announcer.DisposeAsync();
        await database.DisposeAsync();
    }

    public async ValueTask<AddOutcome> AddAsync(JobTransition admitted, AddTerms terms, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(admitted);
        ArgumentNullException.ThrowIfNull(terms);
        cancellation.ThrowIfCancellationRequested();
        return await admissions.AddAsync(admitted, terms);
    }

    public ValueTask<IReadOnlyList<Job>> WaitingAsync(int limit, int oldest, CancellationToken cancellation) => waiting.GetAsync(limit, oldest, cancellation);

    public async ValueTask<int> ExpireAsync(CancellationToken cancellation) => (await ChangeAsync(
        $"WHERE id IN (SELECT id FROM job WHERE state = 'queued' AND deadline_at <= {Change.Clock} ORDER BY deadline_at, seq LIMIT $1) " +
        "ORDER BY seq FOR UPDATE SKIP LOCKED",
        static _ => new JobCommand.Expire(), isDurable: true, JobTable.Of(Together))).Count;

    public bool IsShared => true;

    public ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, JobOwner owner, CancellationToken cancellation) =>
        ClaimAsync(ids, ids?.Count ?? 0, owner, cancellation);

    public async ValueTask<IReadOnlyList<Job>> ClaimAsync(IReadOnlyList<string> ids, int max, JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(owner);
        if (ids.Count == 0 || IsPaused) return [];
        string[] named = [.. ids];
        var (claimed, change) = await database.ChangeAsync(async (change, token) =>
        {
            var records = await change.LockAsync(
                // Row by row in the order of the names: the first that are free are locked, and no others.
                "JOIN unnest($1) WITH ORDINALITY AS named(name, place) ON id = name WHERE state = 'queued' AND NOT (SELECT paused FROM meta) " +
                "ORDER BY place LIMIT $2 FOR UPDATE OF job SKIP LOCKED", token, JobTable.Of(named), JobTable.Of(max));
            var next = new Dictionary<string, JobRecord>(records.Count);
            foreach (var record in records)
            {
                var taken = record.Apply(new JobCommand.Claim(), change.Now)! with { Owner = owner.Id, LeasedUntil = change.Now + owner.Lease };
                change.Replace(record, taken);
                next[record.Job.Id] = taken;
            }
            return next;
        }, isDurable: false);
        foreach (var record in claimed.Values) claims.Add(record, owner, pulse.Now);
        Publish(change);
        if (claimed.Count < Math.Min(max, named.Length)) waiting.Invalidate(); // others were quicker
        else waiting.Gone(named.AsSpan(0, Array.FindLastIndex(named, claimed.ContainsKey) + 1));
        return [.. named.Where(claimed.ContainsKey).Select(id => claimed[id].Job)];
    }

    public async ValueTask<IReadOnlyList<JobClaim>> RenewAsync(IReadOnlyList<JobClaim> asked, JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(owner);
        await pulse.RenewIfDueAsync();
        return claims.LostOf(asked);
    }

    public IReadOnlyList<EarlyFinish> EarlyFinishesOf(IReadOnlyList<JobClaim> asked) => claims.EarlyFinishesOf(asked ?? []);

    public async ValueTask<IReadOnlyList<Job>> RecoverAsync(JobOwner owner, int maxCrashes, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCrashes, 1);
        // When the database was away nobody could prolong a lease: those who live do so first.
        if (pulse.WasAwayWithin(owner.Lease / 2)) return [];
        return await ChangeAsync(
            $"WHERE state = 'running' AND leased_until <= {Change.Clock} AND owner <> $1 ORDER BY turn, seq LIMIT $2 FOR UPDATE SKIP LOCKED",
            _ => new JobCommand.Recover(maxCrashes), isDurable: true, JobTable.Of(owner.Id), JobTable.Of(Together));
    }

    public async ValueTask LeaveAsync(JobOwner owner, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(owner);
        await ChangeAsync("WHERE state = 'running' AND owner = $1 FOR UPDATE", static _ => new JobCommand.Release(), isDurable: true, JobTable.Of(owner.Id));
    }

    public async ValueTask<CommitOutcome> CommitAsync(string id, int? attempt, JobCommand command, CancellationToken cancellation)
    {
        var (outcome, change) = await database.ChangeAsync(async (change, token) =>
        {
            var found = await change.LockAsync("WHERE id = $1 FOR UPDATE", token, JobTable.Of(id));
            return found is [var record] ? Decide(change, record, attempt, command) : CommitOutcome.NoSuchJob;
        });
        Publish(change);
        if (outcome is CommitOutcome.ClaimLost(var lost)) claims.Lose(lost.Id);
        return outcome;
    }

    public ValueTask ReportAsync(string id, int attempt, int steps, int? wanted, CancellationToken cancellation)
    {
        if (!claims.Report(id, attempt, steps, wanted, pulse.Now) || claims.ProgressOf(id) is not var (_, progress, at)) return ValueTask.CompletedTask;
        watched.Advance(id, attempt, progress, at);
        announcer.Done(new StepsDone(id, attempt, progress.Step, progress.Steps));
        return ValueTask.CompletedTask;
    }

    public async ValueTask<Job?> FindAsync(string id, CancellationToken cancellation) =>
        await database.ReadJobsAsync("WHERE id = $1", cancellation, JobTable.Of(id)) is [var record] ? pulse.WithSteps(record).Job : null;

    public async IAsyncEnumerable<JobEvent> EventsAsync(string id, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var watch = watched.Watch(id);
        if (!await SeeAsync(watch, id, cancellation)) yield break;
        long seen = after;
        while (true)
        {
            var (fresh, changed, ended) = watch.EventsAfter(seen);
            foreach (var one in fresh)
            {
                seen = one.Version;
                yield return one;
            }
            if (ended) yield break;
            await changed.WaitAsync(cancellation);
        }
    }

    public async ValueTask<Job?> WaitAsync(string id, CancellationToken cancellation)
    {
        using var watch = watched.Watch(id);
        if (!await SeeAsync(watch, id, cancellation)) return null;
        while (true)
        {
            var (_, changed, ended) = watch.EventsAfter(long.MaxValue);
            if (ended) return watch.Record?.Job;
            await changed.WaitAsync(cancellation);
        }
    }

    public async ValueTask<JobPage> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        Job[] jobs = [.. (await questions.ListAsync(query, cancellation)).Select(record => pulse.WithSteps(record).Job)];
        return jobs.Length > query.Limit ? new JobPage(jobs[..query.Limit], JobPlace.Of(jobs[query.Limit - 1])) : new JobPage(jobs, null);
    }

    public ValueTask<QueueAhead?> AheadAsync(string id, CancellationToken cancellation) => new(questions.AheadAsync(id, cancellation));

    public ValueTask<int> CountQueuedAsync(CancellationToken cancellation) => new(questions.CountQueuedAsync(cancellation));

    public ValueTask<QueueSummary> SummariseAsync(CancellationToken cancellation) => new(questions.SummariseAsync(cancellation));

    public async ValueTask SetPausedAsync(bool paused, CancellationToken cancellation)
    {
        await database.ChangeAsync((change, _) =>
        {
            change.Write("UPDATE meta SET paused = $1", new NpgsqlParameter<bool> { TypedValue = paused });
            return Task.FromResult(true);
        });
        pulse.IsPaused = paused;
        announcer.QueueChanged();
    }

    public async ValueTask<IReadOnlyList<Job>> SweepAsync(SweepQuery query, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var (swept, _) = await database.ChangeAsync(async (change, token) =>
        {
            var records = await change.LockAsync(
                "WHERE finished_at < $1 AND ($3::text IS NULL AND caller <> ALL($4) OR caller = $3) ORDER BY finished_at, seq LIMIT $2 " +
                "FOR UPDATE SKIP LOCKED", token,
                JobTable.Of(query.FinishedBefore), JobTable.Of(limit), JobTable.Of(query.Caller), JobTable.Of([.. query.Except]));
            Remove(change, records);
            return records;
        });
        return [.. swept.Select(record => record.Job)];
    }

    public async ValueTask<PurgeOutcome> PurgeAsync(string id, CancellationToken cancellation)
    {
        var (outcome, change) = await database.ChangeAsync<PurgeOutcome>(async (change, token) =>
        {
            var found = await change.LockAsync("WHERE id = $1 FOR UPDATE", token, JobTable.Of(id));
            if (found is not [var record]) return new PurgeOutcome.UnknownJob();
            if (!record.Job.IsFinished) return new PurgeOutcome.NotFinished(record.Job);
            Remove(change, found);
            return new PurgeOutcome.Purged(record.Job);
        });
        Publish(change);
        return outcome;
    }

    public async ValueTask<WebhookDelivery?> TakeAsync(IReadOnlyCollection<string> without, TimeSpan lease, CancellationToken cancellation) =>
        await outbox.TakeAsync(without, lease, cancellation);

    public async ValueTask<bool> RemoveAsync(WebhookDelivery delivery, CancellationToken cancellation) => await outbox.RemoveAsync(delivery);

    public async ValueTask<bool> RetryAsync(WebhookDelivery delivery, TimeSpan after, bool failed, CancellationToken cancellation) =>
        await outbox.RetryAsync(delivery, after, failed);

    private static void Remove(Change change, List<JobRecord> records)
    {
        if (records.Count == 0) return;
        change.Write("DELETE FROM job WHERE id = ANY($1)", JobTable.Of([.. records.Select(record => record.Job.Id)]));
        foreach (var record in records) change.Removed(record);
    }

    private CommitOutcome Decide(Change change, JobRecord stored, int? attempt, JobCommand command)
    {
        if (change.IsRepeat && stored.Job.IsFinished && (attempt ?? stored.Job.Attempt) == stored.Job.Attempt && Ends.Of(command) == stored.Job.State)
            return new CommitOutcome.Committed(stored.Job); // the earlier try was committed, and its answer lost
        bool isLost = attempt is { } claim && (claim != stored.Job.Attempt || stored.Job.State == JobState.Queued || !claims.IsOwn(stored));
        if (isLost) return new CommitOutcome.ClaimLost(stored.Job);
        bool isOurs = claims.ProgressOf(stored.Job.Id) is { } held && held.Attempt == stored.Job.Attempt;
        var before = pulse.WithSteps(stored);
        if (before.Apply(command, change.Now) is not { } next) return new CommitOutcome.NotApplicable(before.Job);
        next = Versions.Written(before, next, isOurs);
        change.Replace(stored, next);
        return new CommitOutcome.Committed(next.Job);
    }

    /// <summary>Locks jobs and applies a command to each of them that it means something to.</summary>
    private async Task<IReadOnlyList<Job>> ChangeAsync(string where, Func<JobRecord, JobCommand> command, bool isDurable, params NpgsqlParameter[] parameters)
    {
        var (jobs, change) = await database.ChangeAsync(async (change, token) =>
        {
            var changed = new List<Job>();
            foreach (var stored in await change.LockAsync(where, token, parameters))
            {
                if (stored.Apply(command(stored), change.Now) is not { } next) continue;
                next = Versions.Written(stored, next, knowsSteps: false);
                change.Replace(stored, next);
                changed.Add(next.Job);
            }
            return changed;
        }, isDurable);
        Publish(change);
        return jobs;
    }

    /// <summary>Makes a committed change known: here at once, to others by announcement.</summary>
    private void Publish(Change change)
    {
        foreach (var (before, after) in change.Records)
        {
            string id = (after ?? before)!.Job.Id;
            bool isQueued = after is { Job.State: JobState.Queued };
            if (isQueued) waiting.Invalidate();
            else if (before is { Job.State: JobState.Queued }) waiting.Gone([id]);
            if (after is not null) Learn(after);
            else watched.Lose(id);
            announcer.Changed(id, isQueued);
            if (after is { Job.IsFinished: true } && before is not { Job.IsFinished: true }) Finished?.Invoke(after.Job);
        }
        if (!change.WroteDelivery) return;
        DeliveryWritten?.Invoke();
        announcer.DeliveryWritten();
    }

    /// <summary>A row says how a job stands.</summary>
    private bool Learn(JobRecord record)
    {
        watched.Learn(record);
        return claims.Learn(record);
    }

    /// <summary>Reads a job that is watched from now on.</summary>
    /// <returns>Whether there is one.</returns>
    private async Task<bool> SeeAsync(WatchedJobs.JobWatch watch, string id, CancellationToken cancellation)
    {
        if (watch.Record is not null) return true;
        if (await database.ReadJobsAsync("WHERE id = $1", cancellation, JobTable.Of(id)) is not [var record]) return watch.Record is not null;
        watched.Learn(pulse.WithSteps(record));
        return true;
    }
}

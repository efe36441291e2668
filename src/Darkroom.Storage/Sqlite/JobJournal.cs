using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>
/// Writes drafts, each in one transaction. What somebody is told of is forced to the disk before; claims are only handed to the operating system: they outlive
/// the process, and one that a power failure takes is made again.
/// </summary>
internal sealed class JobJournal : IDisposable
{
    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin, commit, rollback, full, normal, insert, update, remove, pause;
    private readonly OutboxJournal outbox;
    private readonly UsageJournal usage;
    private bool isFull = true;

    public JobJournal(SqliteConnection connection)
    {
        this.connection = connection;
        (outbox, usage) = (new OutboxJournal(connection), new UsageJournal(connection));
        begin = connection.Statement("BEGIN IMMEDIATE");
        commit = connection.Statement("COMMIT");
        rollback = connection.Statement("ROLLBACK");
        full = connection.Statement("PRAGMA synchronous = FULL");
        normal = connection.Statement("PRAGMA synchronous = NORMAL");
        remove = connection.Statement("DELETE FROM job WHERE id = $id", "$id");
        pause = connection.Statement("UPDATE meta SET paused = $paused", "$paused");
        string[] changing =
        [
            "$id", "$state", "$priority", "$started_at", "$finished_at", "$attempt", "$lost_claims", "$version", "$owner", "$idem_key", "$body_hash",
            "$outcome",
        ];
        update = connection.Statement(
            "UPDATE job SET state = $state, priority = $priority, started_at = $started_at, finished_at = $finished_at, attempt = $attempt, " +
            "lost_claims = $lost_claims, version = $version, owner = $owner, idem_key = $idem_key, body_hash = $body_hash, outcome = $outcome WHERE id = $id",
            changing);
        insert = connection.Statement(
            "INSERT INTO job VALUES ($seq, $id, $state, $priority, $caller, $model, $cost, $created_at, $deadline_at, $started_at, $finished_at, $attempt, " +
            "$lost_claims, $version, $owner, $idem_key, $body_hash, $request, $outcome)",
            [.. changing, "$seq", "$caller", "$model", "$cost", "$created_at", "$deadline_at", "$request"]);
    }

    /// <exception cref="SqliteException">Nothing of it was written.</exception>
    public void Write(Draft draft)
    {
        if (isFull != draft.IsDurable) (draft.IsDurable ? full : normal).ExecuteNonQuery(); // takes effect with the next transaction
        isFull = draft.IsDurable;
        begin.ExecuteNonQuery();
        try
        {
            // Removals and changes first: they may make a key free that a new job has.
            foreach (var (id, next) in draft.Changes)
                if (next is null) Remove(id);
                else if (!draft.IsNew(id)) Update(next);
            foreach (var (id, next) in draft.Changes)
                if (next is not null && draft.IsNew(id)) Insert(next);
            outbox.Write(draft.Outbox);
            usage.Write(draft.Usage);
            if (draft.ForgetsUsageBefore is { } day) usage.Sweep(day);
            if (draft.Pauses is { } paused) Pause(paused);
            commit.ExecuteNonQuery();
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    public void Dispose()
    {
        outbox.Dispose();
        usage.Dispose();
        foreach (var command in new[] { begin, commit, rollback, full, normal, insert, update, remove, pause }) command.Dispose();
        connection.Dispose();
    }

    private void Rollback()
    {
        try
        {
            rollback.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself: some failures leave no transaction.
        }
    }

    private void Remove(string id)
    {
        remove.Parameters[0].Value = id;
        remove.ExecuteNonQuery();
    }

    private void Pause(bool paused)
    {
        pause.Parameters[0].Value = paused ? 1 : 0;
        pause.ExecuteNonQuery();
    }

    private void Update(JobRecord record)
    {
        Fill(update, record);
        update.ExecuteNonQuery();
    }

    private void Insert(JobRecord record)
    {
        var request = record.Job.Request;
        Fill(insert, record);
        var values = insert.Parameters;
        values["$seq"].Value = record.Order;
        values["$caller"].Value = request.Caller;
        values["$model"].Value = request.Model;
        values["$cost"].Value = record.Cost;
        values["$created_at"].Value = JobRow.Moment(record.Job.CreatedAt);
        values["$deadline_at"].Value = Moment(request.Deadline is { } seconds ? record.Job.CreatedAt.AddSeconds(seconds) : null);
        values["$request"].Value = StoredJob.RequestOf(record);
        insert.ExecuteNonQuery();
    }

    private static void Fill(SqliteCommand command, JobRecord record)
    {
        var (job, values) = (record.Job, command.Parameters);
        values["$id"].Value = job.Id;
        values["$state"].Value = StoredJob.Name(job.State);
        values["$priority"].Value = StoredJob.Name(job.Request.Priority);
        values["$started_at"].Value = Moment(job.StartedAt);
        values["$finished_at"].Value = Moment(job.FinishedAt);
        values["$attempt"].Value = job.Attempt;
        values["$lost_claims"].Value = job.LostClaims;
        values["$version"].Value = job.Version;
        values["$owner"].Value = (object?)record.Owner ?? DBNull.Value;
        values["$idem_key"].Value = (object?)record.Key?.Value ?? DBNull.Value;
        values["$body_hash"].Value = (object?)record.Key?.BodyHash ?? DBNull.Value;
        values["$outcome"].Value = StoredJob.OutcomeOf(record);
    }

    private static object Moment(DateTimeOffset? moment) => moment is { } known ? JobRow.Moment(known) : DBNull.Value;
}

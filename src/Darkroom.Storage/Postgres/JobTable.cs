using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;
using Npgsql;
using NpgsqlTypes;

namespace Darkroom.Storage.Postgres;

/// <summary>A job as a row of PostgreSQL: the one place that turns the one into the other.</summary>
internal static class JobTable
{
    /// <summary>For a SELECT that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "seq, id, state, priority, created_at, started_at, finished_at, attempt, lost_claims, version, cost, owner, leased_until, idem_key, body_hash, " +
        "request, outcome";

    private const string InsertText =
        "INSERT INTO job (id, state, priority, turn, caller, model, cost, created_at, deadline_at, started_at, finished_at, attempt, lost_claims, version, " +
        "owner, leased_until, idem_key, body_hash, outcome, request) " +
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";

    private const string UpdateText =
        "UPDATE job SET state = $2, priority = $3, turn = $4, started_at = $5, finished_at = $6, attempt = $7, lost_claims = $8, version = $9, owner = $10, " +
        "leased_until = $11, idem_key = $12, body_hash = $13, outcome = $14 WHERE id = $1";

    /// <exception cref="StoreException">The row cannot be understood.</exception>
    public static JobRecord Read(NpgsqlDataReader row)
    {
        try
        {
            return new StoredJob
            {
                Order = row.GetInt64(0),
                Id = row.GetString(1),
                State = row.GetString(2),
                Priority = row.GetString(3),
                CreatedAt = Moment(row, 4)!.Value,
                StartedAt = Moment(row, 5),
                FinishedAt = Moment(row, 6),
                Attempt = row.GetInt32(7),
                LostClaims = row.GetInt32(8),
                Version = row.GetInt64(9),
                Cost = row.GetDouble(10),
                Owner = Text(row, 11),
                LeasedUntil = Moment(row, 12) ?? default,
                Key = Text(row, 13),
                BodyHash = Text(row, 14),
                Request = row.GetString(15),
                Outcome = row.GetString(16),
            }.ToRecord();
        }
        catch (Exception e) when (e is FormatException or InvalidCastException)
        {
            throw Faults.Damaged(e.Message, e);
        }
    }

    public static async Task<List<JobRecord>> ReadAllAsync(NpgsqlDataReader rows, CancellationToken cancellation)
    {
        var records = new List<JobRecord>();
        while (await rows.ReadAsync(cancellation)) records.Add(Read(rows));
        return records;
    }

    public static NpgsqlBatchCommand Insert(JobRecord record)
    {
        var (job, request) = (record.Job, record.Job.Request);
        return new NpgsqlBatchCommand(InsertText)
        {
            Parameters =
            {
                Of(job.Id), Of(StoredJob.Name(job.State)), Of(StoredJob.Name(request.Priority)), Turn(request.Priority), Of(request.Caller), Of(request.Model),
                new NpgsqlParameter<double> { TypedValue = record.Cost }, Of(job.CreatedAt), Of(record.Deadline), Of(job.StartedAt), Of(job.FinishedAt),
                Of(job.Attempt), Of(job.LostClaims), Of(job.Version), Of(record.Owner), Of(Lease(record)), Of(record.Key?.Value), Of(record.Key?.BodyHash),
                Of(StoredJob.OutcomeOf(record)), Of(StoredJob.RequestOf(record)),
            },
        };
    }

    public static NpgsqlBatchCommand Update(JobRecord record)
    {
        var job = record.Job;
        return new NpgsqlBatchCommand(UpdateText)
        {
            Parameters =
            {
                Of(job.Id), Of(StoredJob.Name(job.State)), Of(StoredJob.Name(job.Request.Priority)), Turn(job.Request.Priority), Of(job.StartedAt),
                Of(job.FinishedAt), Of(job.Attempt), Of(job.LostClaims), Of(job.Version), Of(record.Owner), Of(Lease(record)), Of(record.Key?.Value),
                Of(record.Key?.BodyHash), Of(StoredJob.OutcomeOf(record)),
            },
        };
    }

    public static NpgsqlParameter Of(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Of(string[] texts) => new() { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter Of(int[] numbers) => new() { Value = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };

    public static NpgsqlParameter Of(int number) => new NpgsqlParameter<int> { TypedValue = number };

    public static NpgsqlParameter Of(long number) => new NpgsqlParameter<long> { TypedValue = number };

    public static NpgsqlParameter Of(DateTimeOffset? moment) => new()
    {
        Value = moment is { } known ? known.ToUniversalTime() : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };

    public static NpgsqlParameter Of(TimeSpan span) => new() { Value = span, NpgsqlDbType = NpgsqlDbType.Interval };

    private static NpgsqlParameter Turn(JobPriority priority) => new NpgsqlParameter<short> { TypedValue = (short)-(int)priority };

    private static DateTimeOffset? Lease(JobRecord record) => record.Job.State == JobState.Running ? record.LeasedUntil : null;

    private static DateTimeOffset? Moment(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

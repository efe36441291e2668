using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>A job as a row: the one place that turns the one into the other.</summary>
internal static class JobRow
{
    /// <summary>For a SELECT that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "seq, id, state, priority, created_at, started_at, finished_at, attempt, lost_claims, version, cost, owner, idem_key, body_hash, request, outcome";

    /// <exception cref="StoreException">The row cannot be understood.</exception>
    public static JobRecord Read(SqliteDataReader row)
    {
        string id = row.GetString(1);
        try
        {
            var request = JsonSerializer.Deserialize(row.GetString(14), StoredJson.Default.GenerationRequest)!;
            var outcome = JsonSerializer.Deserialize(row.GetString(15), StoredJson.Default.StoredOutcome)!;
            var job = new Job
            {
                Id = id,
                Request = request with { Priority = Parse<JobPriority>(row.GetString(3)) },
                State = Parse<JobState>(row.GetString(2)),
                CreatedAt = Moment(row, 4)!.Value,
                StartedAt = Moment(row, 5),
                FinishedAt = Moment(row, 6),
                Attempt = row.GetInt32(7),
                LostClaims = row.GetInt32(8),
                Version = row.GetInt64(9),
                Progress = outcome.Progress,
                Warnings = [.. outcome.Warnings],
                Result = outcome.Result,
                Failure = outcome.Failure,
            };
            return new JobRecord(job, [.. outcome.Events.Select(one => new JobEvent(id, one.Version, one.At, one.Kind, one.Progress))], row.GetInt64(0))
            {
                Cost = row.GetDouble(10),
                Owner = Text(row, 11),
                Key = Text(row, 12) is { } key ? new IdempotencyKey(key, Text(row, 13) ?? "") : null,
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidCastException or NullReferenceException or InvalidOperationException)
        {
            throw Faults.Damaged($"the row of job {id} cannot be read: {e.Message}", e);
        }
    }

    public static string OutcomeOf(JobRecord record) => JsonSerializer.Serialize(
        new StoredOutcome(record.Job.Progress, record.Job.Warnings, record.Job.Result, record.Job.Failure,
            [.. record.Events.Select(one => new StoredEvent(one.Version, one.At, one.Kind, one.Progress))]),
        StoredJson.Default.StoredOutcome);

    public static string RequestOf(JobRecord record) => JsonSerializer.Serialize(record.Job.Request, StoredJson.Default.GenerationRequest);

    /// <summary>100 ns since 1970: what is read is what was written, to the last digit.</summary>
    public static long Moment(DateTimeOffset moment) => moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset MomentOf(long written) => new(written + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>As it is written in a column.</summary>
    public static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static T Parse<T>(string name) where T : struct, Enum => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static DateTimeOffset? Moment(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : MomentOf(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

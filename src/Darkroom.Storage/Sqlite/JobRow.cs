using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>A job as a row of SQLite: the one place that turns the one into the other.</summary>
internal static class JobRow
{
    /// <summary>For a SELECT that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "seq, id, state, priority, created_at, started_at, finished_at, attempt, lost_claims, version, cost, owner, idem_key, body_hash, request, outcome";

    /// <exception cref="StoreException">The row cannot be understood.</exception>
    public static JobRecord Read(SqliteDataReader row)
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
                Key = Text(row, 12),
                BodyHash = Text(row, 13),
                Request = row.GetString(14),
                Outcome = row.GetString(15),
            }.ToRecord();
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or InvalidOperationException)
        {
            throw Faults.Damaged(e is FormatException ? e.Message : $"the row of job {row.GetValue(1)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>100 ns since 1970: what is read is what was written, to the last digit.</summary>
    public static long Moment(DateTimeOffset moment) => moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset MomentOf(long written) => new(written + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    private static DateTimeOffset? Moment(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : MomentOf(row.GetInt64(column));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}

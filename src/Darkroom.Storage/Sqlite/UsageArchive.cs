using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Rows;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>Reads the days of accounts that are committed, on a connection of its own.</summary>
internal sealed class UsageArchive : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly SqliteCommand days;

    public UsageArchive(string path)
    {
        connection = Connections.OpenReader(path);
        days = connection.Statement(
            $"SELECT {UsageRow.Columns} FROM usage_day WHERE day >= $from AND day <= $to AND ($account IS NULL OR account = $account) ORDER BY day, account",
            "$from", "$to", "$account");
    }

    /// <exception cref="StoreException">The database cannot be read.</exception>
    public IReadOnlyList<UsageEntry> Of(UsageQuery query)
    {
        var entries = new List<UsageEntry>();
        try
        {
            lock (gate)
            {
                days.Parameters[0].Value = UsageRow.Text(query.From);
                days.Parameters[1].Value = UsageRow.Text(query.To);
                days.Parameters[2].Value = (object?)query.Account ?? DBNull.Value;
                using var rows = days.ExecuteReader();
                while (rows.Read()) entries.Add(Read(rows));
            }
        }
        catch (SqliteException e)
        {
            throw Faults.Of(e);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException)
        {
            throw Faults.Damaged("a row of usage cannot be read", e);
        }
        return entries;
    }

    public void Dispose()
    {
        lock (gate)
        {
            days.Dispose();
            connection.Dispose();
        }
    }

    private static UsageEntry Read(SqliteDataReader row) => new(UsageRow.Day(row.GetString(0)), row.GetString(1), new UsageCounts
    {
        Succeeded = row.GetInt64(2),
        Failed = row.GetInt64(3),
        Cancelled = row.GetInt64(4),
        Expired = row.GetInt64(5),
        Pictures = row.GetInt64(6),
        MegapixelSteps = row.GetDouble(7),
        DeviceSeconds = row.GetDouble(8),
        ProcessorSeconds = row.GetDouble(9),
        Joules = row.IsDBNull(10) ? null : row.GetDouble(10),
    });
}

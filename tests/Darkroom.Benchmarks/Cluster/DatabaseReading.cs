using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>What a database server has done up to a moment, and how large its table of jobs is.</summary>
internal sealed record DatabaseReading
{
    /// <summary>When (<see cref="Stopwatch"/>).</summary>
    public required long At { get; init; }

    /// <summary>Bytes of the write-ahead log, ever.</summary>
    public required long LogBytes { get; init; }

    public required long Transactions { get; init; }

    /// <summary>Seconds of one core: of the server's processes, those that live.</summary>
    public required double Processor { get; init; }

    /// <summary>Bytes: rows, texts beside them, all indexes.</summary>
    public required (long Rows, long Texts, long Indexes) Size { get; init; }

    /// <summary>Rows as the server's statistics have them, and vacuums by itself so far.</summary>
    public required (long Live, long Dead, long Vacuums) Rows { get; init; }

    public static async Task<DatabaseReading> TakeAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint, " +
            "(SELECT sum(xact_commit)::bigint FROM pg_stat_database), " +
            "pg_relation_size('job'), coalesce(pg_total_relation_size(c.reltoastrelid), 0), pg_indexes_size('job'), " +
            "coalesce(s.n_live_tup, 0), coalesce(s.n_dead_tup, 0), coalesce(s.autovacuum_count, 0), " +
            "(SELECT array_agg(pid) FROM pg_stat_activity) " +
            "FROM pg_class AS c LEFT JOIN pg_stat_user_tables AS s ON s.relid = c.oid WHERE c.oid = 'job'::regclass", connection) { CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new DatabaseReading
        {
            At = Stopwatch.GetTimestamp(),
            LogBytes = row.GetInt64(0),
            Transactions = row.GetInt64(1),
            Size = (row.GetInt64(2), row.GetInt64(3), row.GetInt64(4)),
            Rows = (row.GetInt64(5), row.GetInt64(6), row.GetInt64(7)),
            Processor = ((int[])row.GetValue(8)).Sum(Seconds),
        };
    }

    /// <summary>Ticks of a process in user and kernel mode, fields 14 and 15 of its line (proc(5)).</summary>
    private static double Seconds(int process)
    {
        try
        {
            string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / 100;
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}

using Npgsql;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>How large the table of jobs is at a moment, and its indexes that grow with the queue alone.</summary>
internal sealed record DatabaseState(string Name, DatabaseReading Reading, long QueueIndexes)
{
    public static async Task<DatabaseState> TakeAsync(NpgsqlConnection connection, string name)
    {
        await ScriptedJobs.ExecuteAsync(connection, "SELECT pg_stat_clear_snapshot()");
        var reading = await DatabaseReading.TakeAsync(connection);
        await using var command = new NpgsqlCommand(
            "SELECT sum(pg_relation_size(indexrelid))::bigint FROM pg_index WHERE indrelid = 'job'::regclass AND " +
            "pg_get_expr(indpred, indrelid) LIKE '%queued%'",
            connection);
        return new DatabaseState(name, reading, (long)(await command.ExecuteScalarAsync())!);
    }
}

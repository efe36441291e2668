using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>Questions about many jobs, that change none.</summary>
internal sealed class JobQuestions(Database database)
{
    private const string Ahead =
        "SELECT count(one.seq)::int, coalesce(sum((one.outcome::json -> 'progress' ->> 'steps')::bigint), 0)::bigint FROM job AS mine " +
        "LEFT JOIN job AS one ON one.state = 'queued' AND (one.turn, one.seq) < (mine.turn, mine.seq) " +
        "WHERE mine.id = $1 AND mine.state = 'queued' GROUP BY mine.seq";

    /// <summary>A page, newest first, with one job more where there is another page.</summary>
    public Task<List<JobRecord>> ListAsync(JobQuery query, CancellationToken cancellation)
    {
        var parameters = new List<NpgsqlParameter> { JobTable.Of(query.Limit + 1) };
        var conditions = new List<string>();
        if (query.State is { } state)
        {
            parameters.Add(JobTable.Of(StoredJob.Name(state)));
            conditions.Add($"state = ${parameters.Count}" + (state >= JobState.Succeeded ? " AND finished_at IS NOT NULL" : ""));
        }
        if (query.Caller is { } caller)
        {
            parameters.Add(JobTable.Of(caller));
            conditions.Add($"caller = ${parameters.Count}");
        }
        if (query.After is { } place)
        {
            parameters.Add(JobTable.Of(place.CreatedAt));
            parameters.Add(JobTable.Of(place.Id));
            conditions.Add($"(created_at, id) < (${parameters.Count - 1}, ${parameters.Count})");
        }
        string where = conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", conditions) + " ";
        return database.ReadJobsAsync(where + "ORDER BY created_at DESC, id DESC LIMIT $1", cancellation, [.. parameters]);
    }

    public Task<QueueAhead?> AheadAsync(string id, CancellationToken cancellation) => database.ReadAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(Ahead, connection) { Parameters = { JobTable.Of(id) } };
        await using var rows = await command.ExecuteReaderAsync(token);
        return await rows.ReadAsync(token) ? new QueueAhead(rows.GetInt32(0), rows.GetInt64(1)) : (QueueAhead?)null;
    }, cancellation);

    public Task<QueueSummary> SummariseAsync(CancellationToken cancellation) => database.ReadAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(
            "SELECT priority, count(*)::int, sum(cost), min(created_at) FROM job WHERE state = 'queued' GROUP BY priority", connection);
        await using var rows = await command.ExecuteReaderAsync(token);
        var jobs = new Dictionary<JobPriority, int>();
        var (work, oldest) = (0.0, default(DateTimeOffset?));
        while (await rows.ReadAsync(token))
        {
            jobs[StoredJob.Parse<JobPriority>(rows.GetString(0))] = rows.GetInt32(1);
            work += rows.GetDouble(2);
            var first = new DateTimeOffset(rows.GetDateTime(3), TimeSpan.Zero);
            if (!(oldest <= first)) oldest = first;
        }
        return new QueueSummary(jobs, work, oldest);
    }, cancellation);

    public Task<int> CountQueuedAsync(CancellationToken cancellation) => database.ReadAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand("SELECT count(*)::int FROM job WHERE state = 'queued'", connection);
        return (int)(await command.ExecuteScalarAsync(token))!;
    }, cancellation);
}

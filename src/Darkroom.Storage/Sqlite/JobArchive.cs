using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>Reads what is committed, on a connection of its own: no reader waits for a write to reach the disk.</summary>
internal sealed class JobArchive : IJobArchive, IDisposable
{
    private const string Select = "SELECT " + JobRow.Columns + " FROM job ";

    // Every moment and every id come after these: a list that begins with the newest needs no statement of its own.
    private const long EndOfTime = long.MaxValue;

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly SqliteCommand find, findKey, newest, newestInState, finishedBefore;

    public JobArchive(string path)
    {
        connection = Connections.OpenReader(path);
        find = connection.Statement(Select + "WHERE id = $id AND finished_at IS NOT NULL", "$id");
        findKey = connection.Statement(Select + "WHERE caller = $caller AND idem_key = $key", "$caller", "$key");
        const string order = "AND (created_at, id) < ($created, $id) AND finished_at IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT $limit";
        newest = connection.Statement(Select + "WHERE true " + order, "$created", "$id", "$limit");
        newestInState = connection.Statement(Select + "WHERE state = $state " + order, "$state", "$created", "$id", "$limit");
        finishedBefore = connection.Statement(
            Select + "WHERE finished_at < $moment AND finished_at IS NOT NULL ORDER BY finished_at LIMIT $limit", "$moment", "$limit");
    }

    public JobRecord? Find(string id) => Read(find, id) is [var record] ? record : null;

    public JobRecord? FindKey(string caller, string key) => Read(findKey, caller, key) is [var record] ? record : null;

    public IReadOnlyList<Job> List(JobQuery query)
    {
        var (created, id) = query.After is { } after ? (JobRow.Moment(after.CreatedAt), after.Id) : (EndOfTime, "");
        if (query.State is null) return [.. Read(newest, created, id, query.Limit + 1L).Select(record => record.Job)];
        if (query.State < JobState.Succeeded) return [];
        return [.. Read(newestInState, JobRow.Name(query.State.Value), created, id, query.Limit + 1L).Select(record => record.Job)];
    }

    public IReadOnlyList<JobRecord> FinishedBefore(DateTimeOffset moment, int limit) => Read(finishedBefore, JobRow.Moment(moment), (long)limit);

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var command in new[] { find, findKey, newest, newestInState, finishedBefore }) command.Dispose();
            connection.Dispose();
        }
    }

    private List<JobRecord> Read(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        var records = new List<JobRecord>();
        try
        {
            lock (gate)
            {
                for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
                using var rows = command.ExecuteReader();
                while (rows.Read()) records.Add(JobRow.Read(rows));
            }
        }
        catch (SqliteException e)
        {
            throw Faults.Of(e);
        }
        return records;
    }
}

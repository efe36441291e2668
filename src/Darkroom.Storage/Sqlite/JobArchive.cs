using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;
using Darkroom.Storage.Rows;
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
    private readonly SqliteCommand find, findKey, finished;
    private readonly SqliteCommand[] newest; // by what a list is narrowed to: all, state, caller, both

    public JobArchive(string path)
    {
        connection = Connections.OpenReader(path);
        find = connection.Statement(Select + "WHERE id = $id AND finished_at IS NOT NULL", "$id");
        findKey = connection.Statement(Select + "WHERE caller = $caller AND idem_key = $key", "$caller", "$key");
        const string order = "AND (created_at, id) < ($created, $id) AND finished_at IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT $limit";
        newest =
        [
            connection.Statement(Select + "WHERE true " + order, "$created", "$id", "$limit"),
            connection.Statement(Select + "WHERE state = $state " + order, "$created", "$id", "$limit", "$state"),
            connection.Statement(Select + "WHERE caller = $caller " + order, "$created", "$id", "$limit", "$caller"),
            connection.Statement(Select + "WHERE state = $state AND caller = $caller " + order, "$created", "$id", "$limit", "$state", "$caller"),
        ];
        finished = connection.Statement(
            Select + "WHERE finished_at < $moment AND finished_at IS NOT NULL AND ($caller = '' AND caller NOT IN (SELECT value FROM json_each($except)) " +
            "OR $caller <> '' AND caller = $caller) ORDER BY finished_at LIMIT $limit", "$moment", "$caller", "$except", "$limit");
    }

    public JobRecord? Find(string id) => Read(find, id) is [var record] ? record : null;

    public JobRecord? FindKey(string caller, string key) => Read(findKey, caller, key) is [var record] ? record : null;

    public IReadOnlyList<Job> List(JobQuery query)
    {
        var (created, id) = query.After is { } after ? (JobRow.Moment(after.CreatedAt), after.Id) : (EndOfTime, "");
        if (query.State < JobState.Succeeded) return [];
        string state = query.State is { } named ? StoredJob.Name(named) : "";
        object[] values = (query.State, query.Caller) switch
        {
            (null, null) => [created, id, query.Limit + 1L],
            (_, null) => [created, id, query.Limit + 1L, state],
            (null, { } caller) => [created, id, query.Limit + 1L, caller],
            (_, { } caller) => [created, id, query.Limit + 1L, state, caller],
        };
        var statement = newest[(query.State is null ? 0 : 1) + (query.Caller is null ? 0 : 2)];
        return [.. Read(statement, values).Select(record => record.Job)];
    }

    public IReadOnlyList<JobRecord> Finished(SweepQuery query, int limit) => Read(
        finished, JobRow.Moment(query.FinishedBefore), query.Caller ?? "", JsonSerializer.Serialize(query.Except), (long)limit);

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var command in newest.Append(find).Append(findKey).Append(finished)) command.Dispose();
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

using Darkroom.Engine.Jobs;
using Darkroom.Storage.Live;
using Darkroom.Storage.Postgres;
using Darkroom.Storage.Rows;
using Npgsql;

namespace Darkroom.Benchmarks.Cluster;

/// <summary>
/// The jobs of the run: six models and twenty callers, of one length. A third is of low priority; those of high priority come while others are made.
/// </summary>
internal static class ScriptedJobs
{
    public const int Models = 6, Callers = 20, Steps = 10;

    private const int Deck = Models * Callers * 3;

    public static GenerationRequest Request(string model, string caller, JobPriority priority) => new()
    {
        Task = GenerationTask.Txt2img, Model = model, Prompt = new string('p', 200), Width = 512, Height = 512, Steps = Steps, GuidanceScale = 7, Seed = 1,
        Caller = caller, Priority = priority,
    };

    public static JobTransition Admit(string id, string model, string caller, JobPriority priority) =>
        Job.Admit(id, Request(model, caller, priority), [], TimeProvider.System.GetUtcNow());

    public static string Model(int i) => $"model-{i % Models}";

    public static string Caller(int i) => $"caller-{i / Models % Callers:D2}";

    private static JobPriority Priority(int i) => i / (Models * Callers) % 3 == 2 ? JobPriority.Low : JobPriority.Normal;

    /// <summary>Queues jobs by one statement: rows of the same texts as the store's own.</summary>
    /// <param name="first">Number of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="caller">Whose; null: of all in turn.</param>
    public static async Task QueueAsync(NpgsqlConnection connection, int first, int count, string? caller = null)
    {
        await ExecuteAsync(connection,
            "CREATE TEMP TABLE IF NOT EXISTS card (i int PRIMARY KEY, priority text, turn smallint, caller text, model text, cost float8, outcome text, " +
            "request text); TRUNCATE card");
        int kinds = Math.Min(Deck, count);
        await using (var copy = await connection.BeginBinaryImportAsync("COPY card FROM STDIN (FORMAT BINARY)"))
        {
            for (int i = 0; i < kinds; i++)
            {
                var admitted = Admit("", Model(i), caller ?? Caller(i), Priority(i));
                var record = new JobRecord(admitted.Job, admitted.Events, 0) { Cost = JobCost.MegapixelSteps(admitted.Job.Request) };
                var request = admitted.Job.Request;
                await copy.StartRowAsync();
                await copy.WriteAsync(i);
                await copy.WriteAsync(StoredJob.Name(request.Priority));
                await copy.WriteAsync((short)-(int)request.Priority);
                await copy.WriteAsync(request.Caller);
                await copy.WriteAsync(request.Model);
                await copy.WriteAsync(record.Cost);
                await copy.WriteAsync(StoredJob.OutcomeOf(record));
                await copy.WriteAsync(StoredJob.RequestOf(record));
            }
            await copy.CompleteAsync();
        }
        await ExecuteAsync(connection,
            "INSERT INTO job (id, state, priority, turn, caller, model, cost, created_at, attempt, lost_claims, version, outcome, request) " +
            "SELECT md5(n::text) || n, 'queued', priority, turn, caller, model, cost, clock_timestamp(), 0, 0, 1, outcome, request " +
            $"FROM generate_series({first}, {first + count - 1}) AS n JOIN card ON i = n % {kinds} ORDER BY n");
    }

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}

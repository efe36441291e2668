using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Storage.Live;

namespace Darkroom.Storage.Rows;

/// <summary>A job's row as plain values, whatever database holds it. What a query looks for is a value of its own, the rest is in two texts.</summary>
internal sealed record StoredJob
{
    public required long Order { get; init; }
    public required string Id { get; init; }
    public required string State { get; init; }
    public required string Priority { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public required int Attempt { get; init; }
    public required int LostClaims { get; init; }
    public required long Version { get; init; }
    public required double Cost { get; init; }
    public string? Owner { get; init; }
    public DateTimeOffset LeasedUntil { get; init; }
    public string? Key { get; init; }
    public string? BodyHash { get; init; }

    /// <summary>JSON, written once.</summary>
    public required string Request { get; init; }

    /// <summary>JSON: progress, warnings, result or failure, events.</summary>
    public required string Outcome { get; init; }

    public static string OutcomeOf(JobRecord record) => JsonSerializer.Serialize(
        new StoredOutcome(record.Job.Progress, record.Job.Warnings, record.Job.Result, record.Job.Failure,
            [.. record.Events.Select(one => new StoredEvent(one.Version, one.At, one.Kind, one.Progress))],
            record.Job.Spending == JobSpending.None ? null : record.Job.Spending,
            record.Job.FinishesEarly.IsEmpty ? null : record.Job.FinishesEarly.Bits),
        StoredJson.Default.StoredOutcome);

    public static string RequestOf(JobRecord record) => JsonSerializer.Serialize(record.Job.Request, StoredJson.Default.GenerationRequest);

    /// <summary>As it is written in a column.</summary>
    public static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <exception cref="FormatException">The row cannot be understood.</exception>
    public JobRecord ToRecord()
    {
        try
        {
            var request = JsonSerializer.Deserialize(Request, StoredJson.Default.GenerationRequest)!;
            var outcome = JsonSerializer.Deserialize(Outcome, StoredJson.Default.StoredOutcome)!;
            var job = new Job
            {
                Id = Id,
                Request = request with { Priority = Parse<JobPriority>(Priority) },
                State = Parse<JobState>(State),
                CreatedAt = CreatedAt,
                StartedAt = StartedAt,
                FinishedAt = FinishedAt,
                Attempt = Attempt,
                LostClaims = LostClaims,
                Version = Version,
                Progress = outcome.Progress,
                Warnings = [.. outcome.Warnings],
                Result = outcome.Result,
                Failure = outcome.Failure,
                Spending = outcome.Spending ?? JobSpending.None,
                FinishesEarly = new(outcome.FinishesEarly ?? 0),
            };
            return new JobRecord(job, [.. outcome.Events.Select(one => new JobEvent(Id, one.Version, one.At, one.Kind, one.Progress))], Order)
            {
                Cost = Cost,
                Owner = Owner,
                LeasedUntil = LeasedUntil,
                Key = Key is null ? null : new IdempotencyKey(Key, BodyHash ?? ""),
            };
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NullReferenceException or InvalidOperationException)
        {
            throw new FormatException($"the row of job {Id} cannot be read: {e.Message}", e);
        }
    }

    public static T Parse<T>(string name) where T : struct, Enum => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
}

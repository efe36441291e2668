namespace Darkroom.Storage.Postgres;

/// <summary>How a process takes part in a job database that several share.</summary>
public sealed record PostgresOptions
{
    /// <summary>Npgsql's words for the database: host, name, user. <c>Search Path</c> names the schema.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Ids of the models and upscalers whose jobs this process can run; null: whatever is asked for.</summary>
    public Func<IReadOnlyCollection<string>>? Models { get; init; }

    /// <summary>What a test says the time is; null: what the database says.</summary>
    internal Func<DateTimeOffset>? Now { get; init; }
}

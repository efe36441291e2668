using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>How a process takes part in a job database that several share.</summary>
public sealed record PostgresOptions
{
    /// <summary>Npgsql's words for the database: host, name, user. <c>Search Path</c> names the schema.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Connections of a process where the string names no number: it seldom has more than three in use, and the server has a hundred.</summary>
    public const int MaxConnections = 20;

    /// <summary>The connection string with all that it leaves open.</summary>
    internal NpgsqlConnectionStringBuilder Sized()
    {
        var builder = new NpgsqlConnectionStringBuilder(ConnectionString);
        if (!builder.ContainsKey("Maximum Pool Size")) builder.MaxPoolSize = MaxConnections;
        if (string.IsNullOrEmpty(builder.ApplicationName)) builder.ApplicationName = "darkroom";
        return builder;
    }

    /// <summary>Whether a text could be one; a host is all that it needs.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return !string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            return false;
        }
    }

    /// <summary>What a test says the time is; null: what the database says.</summary>
    internal Func<DateTimeOffset>? Now { get; init; }
}

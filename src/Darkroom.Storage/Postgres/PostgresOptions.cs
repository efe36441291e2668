using System.Data.Common;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>How a process takes part in a job database that several share.</summary>
public sealed record PostgresOptions
{
    /// <summary>Npgsql's words for the database: host, name, user. <c>Search Path</c> names the schema.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Connections of a process where the string names no number: it seldom has more than three in use, and the server has a hundred.</summary>
    public const int MaxConnections = 20;

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

    /// <summary>
    /// The same with what the store's statements gain by. They are few and come again: the server reads each of them once for a connection, unless an operator
    /// says otherwise. Nothing is set that outlives a transaction, so that a connection need not be reset whenever it goes back into the pool.
    /// </summary>
    internal string Connection
    {
        get
        {
            var given = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
            var builder = new NpgsqlConnectionStringBuilder(ConnectionString) { NoResetOnClose = true };
            if (!given.ContainsKey("Maximum Pool Size") && !given.ContainsKey("MaxPoolSize")) builder.MaxPoolSize = MaxConnections;
            if (string.IsNullOrEmpty(builder.ApplicationName)) builder.ApplicationName = "darkroom";
            if (!given.ContainsKey("Max Auto Prepare") && !given.ContainsKey("MaxAutoPrepare"))
                (builder.MaxAutoPrepare, builder.AutoPrepareMinUsages) = (40, 2);
            return builder.ConnectionString;
        }
    }

    /// <summary>What a test says the time is; null: what the database says.</summary>
    internal Func<DateTimeOffset>? Now { get; init; }
}

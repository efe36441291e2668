using System.Globalization;
using Darkroom.Engine.Queue;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Brings a schema to this version's: each step is a file in <c>Schema/</c>, is run once, and is never changed after a release. Processes that start together
/// take turns under a lock of the database.
/// </summary>
internal static class Migrations
{
    /// <summary>The schema that this version writes.</summary>
    public const int Newest = 3;

    /// <exception cref="StoreException">The schema was written by a newer version, or holds other tables of these names.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({Locks.Migrations})", cancellation);
        bool isOurs = await ScalarAsync<bool>(connection, "SELECT to_regclass('meta') IS NOT NULL", cancellation);
        int schema = isOurs ? await ScalarAsync<int>(connection, "SELECT schema FROM meta", cancellation) : 0;
        if (schema > Newest)
        {
            throw new StoreException(
                $"The job database (Darkroom:Postgres) was written by a newer version of Darkroom: its schema is {schema}, and this one reads up to " +
                $"{Newest}. Nothing was changed. Start the newer version, or give this one a database of its own.", StoreFault.Newer);
        }
        for (int next = schema + 1; next <= Newest; next++)
            await ExecuteAsync(connection, TextOf(next) + $"UPDATE meta SET schema = {next.ToString(CultureInfo.InvariantCulture)};", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static string TextOf(int number)
    {
        string name = "postgres-" + number.ToString("D4", CultureInfo.InvariantCulture);
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no migration {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

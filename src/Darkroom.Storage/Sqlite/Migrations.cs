using System.Globalization;
using Darkroom.Engine.Queue;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>Brings a database to this version's schema: each step is a file in <c>Schema/</c>, is run once, and is never changed after a release.</summary>
internal static class Migrations
{
    /// <summary>The schema that this version writes.</summary>
    public const int Newest = 4;

    /// <exception cref="StoreException">The database was written by a newer version, or is none of jobs.</exception>
    public static void Run(SqliteConnection connection)
    {
        long tables = (long)connection.Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table'")!;
        bool isOurs = (long)connection.Scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'meta'")! == 1;
        if (tables > 0 && !isOurs) throw Faults.Damaged("it is another program's database");
        long schema = isOurs ? (long)connection.Scalar("SELECT schema FROM meta")! : 0;
        if (schema > Newest)
        {
            throw new StoreException(
                $"The job database in the data folder (Darkroom:DataPath) was written by a newer version of Darkroom: its schema is {schema}, and this one " +
                $"reads up to {Newest}. Nothing was changed. Start the newer version, or give this one a data folder of its own.", StoreFault.Newer);
        }
        for (long next = schema + 1; next <= Newest; next++)
        {
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = TextOf(next) + $"UPDATE meta SET schema = {next.ToString(CultureInfo.InvariantCulture)};";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static string TextOf(long number)
    {
        string name = "sqlite-" + number.ToString("D4", CultureInfo.InvariantCulture);
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no migration {name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

using Darkroom.Engine.Queue;
using Microsoft.Data.Sqlite;

namespace Darkroom.Storage.Sqlite;

/// <summary>SQLite's result codes as sentences for the operator (https://sqlite.org/rescode.html).</summary>
internal static class Faults
{
    private const int ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static StoreException Of(SqliteException fault) => fault.SqliteErrorCode switch
    {
        Full or IoError or ReadOnly or CannotOpen => new(
            "The data folder (Darkroom:DataPath) is full or cannot be written. Nothing is lost; jobs are taken again as soon as there is room.",
            StoreFault.Full, fault),
        Corrupt or NotADatabase => Damaged(fault.Message, fault),
        _ => new($"The job database in the data folder (Darkroom:DataPath) refused an operation: {fault.Message}", StoreFault.Unavailable, fault),
    };

    public static StoreException Damaged(string finding, Exception? inner = null) => new(
        $"The job database {SqliteJobStore.FileName} in the data folder (Darkroom:DataPath) is damaged ({finding.TrimEnd('.')}). Nothing was changed. " +
        "Move the file away to start with no jobs, or put a copy of it back.", StoreFault.Damaged, inner);
}

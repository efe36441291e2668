using System.Net.Sockets;
using Darkroom.Engine.Queue;
using Npgsql;

namespace Darkroom.Storage.Postgres;

/// <summary>PostgreSQL's conditions as sentences for the operator (https://www.postgresql.org/docs/15/errcodes-appendix.html).</summary>
internal static class Faults
{
    /// <summary>Whether it may be why an operation did not succeed, and another try may.</summary>
    public static bool IsPassing(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => false,
        PostgresException answer => answer.IsTransient || IsServerStopping(answer),
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        _ => false,
    };

    public static StoreException Of(Exception fault) => fault switch
    {
        StoreException known => known,
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new(
            "The database server's disk is full. Nothing is lost; jobs are taken again as soon as there is room.", StoreFault.Full, fault),
        PostgresException answer when !IsPassing(answer) => new(
            $"The job database (Darkroom:Postgres) refused an operation: {answer.MessageText} ({answer.SqlState}).", StoreFault.Unavailable, fault),
        _ => new("The job database (Darkroom:Postgres) cannot be reached.", StoreFault.Unavailable, fault),
    };

    public static StoreException Damaged(string finding, Exception inner) => new(
        $"The job database (Darkroom:Postgres) holds what this version cannot read: {finding}.", StoreFault.Damaged, inner);

    private static bool IsServerStopping(PostgresException answer) => answer.SqlState is PostgresErrorCodes.AdminShutdown
        or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections;
}

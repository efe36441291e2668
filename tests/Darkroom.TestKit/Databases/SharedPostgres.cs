namespace Darkroom.TestKit.Databases;

/// <summary>
/// Ends the PostgreSQL server that tests share when the last test has ended: a fixture of the assembly. At the exit of the process it would be too late, since
/// the runner takes a process that needs ten seconds to end for one that hangs.
/// </summary>
public sealed class SharedPostgres : IDisposable
{
    public void Dispose() => PostgresServer.EndShared();
}

namespace Darkroom.Server.Configuration;

/// <summary>Where jobs and pictures are kept.</summary>
public enum StoreKind
{
    /// <summary>In the data folder: jobs in a SQLite database, pictures as files. They are there after a restart, or a crash.</summary>
    Sqlite,

    /// <summary>In the process, and gone with it.</summary>
    Memory,

    /// <summary>Jobs in a PostgreSQL database that several processes share.</summary>
    Postgres,
}

namespace Darkroom.Storage.Postgres;

/// <summary>
/// Advisory locks of the database. Each is of the schema that the connection works in, so that two of them in one database do not wait for each other.
/// </summary>
internal static class Locks
{
    /// <summary>One process at a time brings the schema up to date.</summary>
    public const string Migrations = "7216301, hashtext(current_schema())";

    /// <summary>One process at a time admits, since what it may admit depends on all that waits.</summary>
    public const string Admissions = "7216302, hashtext(current_schema())";

    /// <summary>One process at a time adds up what accounts used.</summary>
    public const string Usage = "7216303, hashtext(current_schema())";
}

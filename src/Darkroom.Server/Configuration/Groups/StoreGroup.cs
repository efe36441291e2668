using Darkroom.Engine;
using Darkroom.Models.Residency;
using Darkroom.Server.Configuration.Rows;
using Darkroom.Storage.Postgres;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>Where jobs and pictures are kept, and how long.</summary>
internal static class StoreGroup
{
    public static readonly SettingGroup Group = new("Jobs and pictures");

    private static readonly MemoryLimits Memory = new EngineOptions().Memory;

    private static readonly Setting<StoreKind> Store = Group.Choice(
        "Store", StoreKind.Sqlite, "Where jobs are kept: in the data folder, in the process (and gone with it), or in a database that processes share.");

    private static readonly Setting<string?> Database = Group.Secret<string>(
        "Postgres", "must be a connection string such as Host=db;Database=darkroom;Username=darkroom",
        static text => PostgresOptions.IsConnectionString(text) ? text : null, "The database of `Store=postgres`, as a connection string of Npgsql.");

    private static readonly Setting<Role> Work = Group.Choice(
        "Role", Role.All, "What the process does: `api` takes requests, `worker` makes pictures. Both need `Store=postgres`.");

    private static readonly Setting<double> Retention = Group.Number(
        "RetentionHours", new NumberKind<double>(0.01, 87_600, "hours"), 24, "How long finished jobs and their pictures are kept.");

    private static readonly Setting<int> PictureDisk = Group.Number(
        "PictureDiskMiB", new NumberKind<int>(0, 1_000_000_000, "MiB"), 0,
        "Disk for finished pictures in the data folder; the oldest go first. 0: what the disk has but for 1 GiB.");

    private static readonly Setting<int> PictureMemory = Group.Number(
        "PictureMemoryMiB", new NumberKind<int>(1, 65_536, "MiB"), Share(64, Memory.KeptBytes), "Memory for finished pictures of `Store=memory`.",
        "64, or less where the process has little memory");

    private static readonly Setting<int> InputMemory = Group.Number(
        "InputMemoryMiB", new NumberKind<int>(1, 65_536, "MiB"), Share(512, Memory.InputBytes),
        "Memory for what callers send, as it arrives and until its job is done.", "512, or less where the process has little memory");

    private static readonly Setting<int> MaxCrashes = Group.Number(
        "MaxCrashes", new NumberKind<int>(1, 1000, "deaths"), new EngineOptions().MaxCrashes,
        "Deaths of the process at which a job that ran then fails as `worker_crashed`.");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings)
    {
        var store = section.Read(Store);
        return settings with
        {
            Store = store,
            Postgres = PostgresOf(section, store),
            Role = RoleOf(section, store),
            Retention = TimeSpan.FromHours(section.Read(Retention)),
            PictureDiskMiB = section.Read(PictureDisk),
            PictureMemoryMiB = section.Read(PictureMemory),
            InputMemoryMiB = section.Read(InputMemory),
            Engine = settings.Engine with { MaxCrashes = section.Read(MaxCrashes) },
        };
    }

    /// <summary>MiB where the settings do not say: less where the process has little memory.</summary>
    public static int Share(int most, long share) => (int)Math.Clamp(share / (1024 * 1024), 1, most);

    private static Role RoleOf(SettingsReader section, StoreKind store)
    {
        var role = section.Read(Work);
        if (role != Role.All && store != StoreKind.Postgres)
        {
            section.Refuse(Work, $"is {role.ToString().ToLowerInvariant()}, and a process that does a part of the work needs a store that others share: "
                + "Darkroom:Store=postgres");
        }
        return role;
    }

    private static string? PostgresOf(SettingsReader section, StoreKind store)
    {
        if (store == StoreKind.Postgres && !section.IsGiven(Database))
            section.Refuse(Database, "is missing: jobs are to be kept in a database (Darkroom:Store is postgres)");
        return section.Read(Database);
    }
}

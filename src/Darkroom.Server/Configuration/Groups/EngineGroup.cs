using Darkroom.Engine;
using Darkroom.Engine.Scheduling;
using Darkroom.Server.Configuration.Rows;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>What runs when, and how much of it.</summary>
internal static class EngineGroup
{
    public static readonly SettingGroup Group = new("Engine");

    private static readonly EngineOptions Usual = new();

    private static readonly Setting<SchedulingTarget> Target = Group.Choice(
        "Engine:Target", Usual.Target, "What batches are formed for: `balanced` is the least mean wait, `throughput` the largest batches.");

    private static readonly Setting<int> MaxBatch = Group.Number(
        "Engine:MaxBatch", new NumberKind<int>(1, 64, "rows"), Usual.MaxBatch, "Rows of one call of a denoiser.");

    private static readonly Setting<int> MaxQueued = Group.Number(
        "Engine:MaxQueued", new NumberKind<int>(1, 100_000, "jobs"), Usual.MaxQueued, "Jobs that may wait; more get 503 with `Retry-After`.");

    private static readonly Setting<double?> MaxQueuedWork = Group.OptionalNumber(
        "Engine:MaxQueuedMegapixelSteps", new NumberKind<double>(0.001, 1e12, "megapixel-steps"), "no limit",
        "Work that may wait; more gets 503 with `Retry-After`.");

    private static readonly Setting<double> Lease = Group.Number(
        "Engine:Lease", new NumberKind<double>(2, 600, "seconds"), Usual.Lease.TotalSeconds,
        "How long a worker that is silent keeps its jobs, where several share them.");

    private static readonly Setting<int> ConditioningCache = Group.Number(
        "Engine:ConditioningCacheMiB", new NumberKind<int>(0, 65_536, "MiB"), StoreGroup.Share(Usual.ConditioningCacheMiB, Usual.Memory.KeptBytes),
        "Memory for encoded texts.", "64, or less where the process has little memory");

    private static readonly Setting<double?> CallTimeout = Group.OptionalNumber(
        "Engine:CallTimeout", new NumberKind<double>(1, 86_400, "seconds"), "20, or 20 times its estimate, the larger",
        "What a network call may take before it is stopped.");

    private static readonly Setting<long?> MemoryLimit = Group.OptionalNumber(
        "Engine:MemoryLimitMiB", new NumberKind<long>(1, 16_777_216, "MiB"), "as the machine or container has it",
        "Memory that one picture may need: [decision 14](decisions/0014-memory.md).");

    private static readonly Setting<int?> VaeTile = Group.OptionalNumber(
        "Engine:VaeTile", new NumberKind<int>(128, 8192, "pixels"), "only where the whole needs more memory than there is",
        "A side above which an autoencoder takes a picture in tiles: [decision 36](decisions/0036-autoencoder-choice-and-tiles.md).");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings) => settings with
    {
        Engine = settings.Engine with
        {
            Target = section.Read(Target),
            MaxBatch = section.Read(MaxBatch),
            MaxQueued = section.Read(MaxQueued),
            MaxQueuedCost = section.Read(MaxQueuedWork),
            Lease = TimeSpan.FromSeconds(section.Read(Lease)),
            ConditioningCacheMiB = section.Read(ConditioningCache),
            CallTimeout = section.Read(CallTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            MemoryLimitMiB = section.Read(MemoryLimit),
            VaeTile = section.Read(VaeTile),
        },
    };
}

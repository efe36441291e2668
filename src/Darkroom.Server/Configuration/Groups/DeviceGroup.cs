using System.Globalization;
using Darkroom.Models.Residency;
using Darkroom.Server.Configuration.Rows;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>
/// The devices that pictures are made on: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or several with commas between them. Several <c>cpu</c> share the cores.
/// </summary>
internal static class DeviceGroup
{
    public static readonly SettingGroup Group = new("Devices", "GPUs need the GPU build: [`docs/gpu.md`](gpu.md).");

    private const int Max = 16;
    private const long MiB = 1024 * 1024;

    private static readonly Setting<DeviceSpec[]> Device = Group.Text(
        "Engine:Device", new TextKind<DeviceSpec[]>(
            $"cpu, cuda or cuda:N, or up to {Max} of them with commas between",
            $"must be cpu, cuda or cuda:N, or up to {Max} of them with commas between, each GPU once", SpecsOf, TextOf),
        [new DeviceSpec()], "Where pictures are made. Several `cpu` share the cores.");

    private static readonly Setting<int> Threads = Group.Number(
        "Engine:Threads", new NumberKind<int>(0, 1024, "threads"), 0, "Threads of one call on a CPU. 0: one for each core.");

    private static readonly Setting<long?> ModelMemory = Group.OptionalNumber(
        "Engine:ModelMemoryMiB", new NumberKind<long>(1, 16_777_216, "MiB"), "half of what the process has on a CPU; no limit on a GPU",
        "Weights that may be in a device's memory at a time.");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings)
    {
        var specs = section.Read(Device);
        int threads = section.Read(Threads);
        long? budget = section.Read(ModelMemory);
        int cpus = specs.Count(IsCpu);
        return settings with
        {
            Engine = settings.Engine with
            {
                Devices =
                [
                    .. specs.Select(spec => spec with
                    {
                        Threads = IsCpu(spec) && threads == 0 && cpus > 1 ? Math.Max(1, Environment.ProcessorCount / cpus) : threads,
                        BudgetBytes = budget is { } given ? given * MiB : DeviceSpec.DefaultBudget(spec.Kind) / (IsCpu(spec) ? cpus : 1),
                    }),
                ],
            },
        };
    }

    private static bool IsCpu(DeviceSpec spec) => spec.Kind == DeviceSpec.Cpu;

    private static DeviceSpec[]? SpecsOf(string text)
    {
        string[] names = text.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        DeviceSpec[] specs = [.. names.Select(Parse).OfType<DeviceSpec>()];
        DeviceSpec[] gpus = [.. specs.Where(spec => !IsCpu(spec))];
        return specs.Length is 0 or > Max || specs.Length < names.Length || gpus.Distinct().Count() < gpus.Length ? null : specs;
    }

    private static string TextOf(DeviceSpec[] specs) => string.Join(",", specs.Select(spec =>
        IsCpu(spec) ? spec.Kind : string.Create(CultureInfo.InvariantCulture, $"{spec.Kind}:{spec.Id}")));

    private static DeviceSpec? Parse(string name)
    {
        if (name == DeviceSpec.Cpu) return new DeviceSpec();
        string[] parts = name.Split(':');
        if (parts[0] != DeviceSpec.Cuda || parts.Length > 2) return null;
        int id = 0;
        if (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out id) && id <= 64)) return null;
        return new DeviceSpec { Kind = DeviceSpec.Cuda, Id = id };
    }
}

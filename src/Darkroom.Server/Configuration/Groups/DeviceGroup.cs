using System.Globalization;
using Darkroom.Models.Graphs.Quantising;
using Darkroom.Models.Residency;
using Darkroom.Models.Sessions;
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

    private static readonly Setting<string> Precision = Group.Text(
        "Engine:Precision", new TextKind<string>(
            string.Join(", ", WeightPrecisions.Words), $"must be one of {string.Join(", ", WeightPrecisions.Words)}",
            static text => WeightPrecisions.Find(text.ToLowerInvariant())?.Word(), static word => word),
        WeightPrecision.Auto.Word(), "What models and upscalers compute with whose cards do not say: fp32 on a CPU and fp16 on a GPU with `auto`. "
            + "int8 and int4 are for CPUs, fp16 for GPUs: [decision 48](decisions/0048-int8-on-a-cpu.md).");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings)
    {
        var specs = section.Read(Device);
        int threads = section.Read(Threads);
        long? budget = section.Read(ModelMemory);
        int cpus = specs.Count(IsCpu);
        var precision = WeightPrecisions.Find(section.Read(Precision))!.Value;
        // Devices of the other kind stay as they are, where there are some of both.
        if (Array.TrueForAll(specs, spec => SessionSettings.FaultOf(precision, spec.Kind) is not null))
            section.Refuse(Precision, $"is {precision.Word()}: {SessionSettings.FaultOf(precision, specs[0].Kind)}");
        return settings with
        {
            Engine = settings.Engine with
            {
                Devices =
                [
                    .. specs.Select(spec => spec with
                    {
                        Threads = IsCpu(spec) && threads == 0 && cpus > 1 ? Math.Max(1, Environment.ProcessorCount / cpus) : threads,
                        Precision = SessionSettings.FaultOf(precision, spec.Kind) is null ? precision : WeightPrecision.Auto,
                        MaxPartBytes = budget is null && IsCpu(spec) ? MemoryLimits.OfProcess.NativeBytes / cpus : 0,
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

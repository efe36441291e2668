using System.Globalization;
using Darkroom.Models.Residency;

namespace Darkroom.Server.Configuration;

/// <summary>
/// The devices that pictures are made on: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, or several with commas between them. Several <c>cpu</c> share the cores.
/// </summary>
internal static class DeviceSettings
{
    private const int Max = 16;
    private const long MiB = 1024 * 1024;

    public static IReadOnlyList<DeviceSpec> Read(SettingsReader section)
    {
        string[] names = (section.Text("Engine:Device") ?? DeviceSpec.Cpu).ToLowerInvariant()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int threads = (int)section.Number("Engine:Threads", 0, 1024, 0, whole: true);
        double? budget = section.Text("Engine:ModelMemoryMiB") is null ? null : section.Number("Engine:ModelMemoryMiB", 1, 16_777_216, 1, whole: true);
        var specs = names.Select(Parse).ToArray();
        int cpus = specs.Count(spec => spec is { Kind: DeviceSpec.Cpu });
        if (specs.Length is 0 or > Max || Array.Exists(specs, spec => spec is null)
            || specs.Where(spec => spec!.Kind == DeviceSpec.Cuda).Distinct().Count() != specs.Length - cpus)
        {
            section.Fault("Engine:Device", $"must be cpu, cuda or cuda:N, or up to {Max} of them with commas between, each GPU once");
            return [new DeviceSpec()];
        }
        return
        [
            .. specs.Select(spec => spec! with
            {
                Threads = spec!.Kind == DeviceSpec.Cpu && threads == 0 && cpus > 1 ? Math.Max(1, Environment.ProcessorCount / cpus) : threads,
                BudgetBytes = budget is { } given ? (long)given * MiB : DeviceSpec.DefaultBudget(spec.Kind) / (spec.Kind == DeviceSpec.Cpu ? cpus : 1),
            }),
        ];
    }

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

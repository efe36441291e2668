namespace Darkroom.Engine.Energy;

/// <summary>
/// The energy of the machine's processors and their memory, as RAPL counts it (Linux; Intel and AMD). It is the machine's, idle power and other programs
/// included. Since 2020 kernels let root alone read it, unless the administrator says otherwise.
/// </summary>
internal sealed class PowercapMeter : IEnergyMeter, IDisposable
{
    /// <summary>Where the kernel shows it.</summary>
    public const string Folder = "/sys/class/powercap";

    private readonly Lock gate = new();
    private readonly IReadOnlyList<PowercapZone> zones;

    private PowercapMeter(IReadOnlyList<PowercapZone> zones) => this.zones = zones;

    public double? Joules
    {
        get
        {
            long sum = 0;
            lock (gate)
            {
                for (int i = 0; i < zones.Count; i++)
                {
                    if (zones[i].Next() is not { } microjoules) return null;
                    sum += microjoules;
                }
            }
            return sum / 1e6;
        }
    }

    /// <summary>The counters of a folder; null where there are none that may be read.</summary>
    public static PowercapMeter? Open(string folder = Folder)
    {
        if (!Directory.Exists(folder)) return null;
        // intel-rapl-mmio is another view of the same package.
        var zones = Directory.GetDirectories(folder, "intel-rapl:*").Where(Counts).Select(PowercapZone.Open).ToList();
        if (zones.Count > 0 && zones.TrueForAll(static zone => zone is not null)) return new(zones.ConvertAll(static zone => zone!));
        foreach (var zone in zones) zone?.Dispose();
        return null; // a part of the energy would be taken for all of it
    }

    public void Dispose()
    {
        foreach (var zone in zones) zone.Dispose();
    }

    /// <summary>A package holds its cores and caches; the memory beside it is counted on its own. Other zones are parts of those.</summary>
    private static bool Counts(string zone)
    {
        string name = Path.Combine(zone, "name");
        return File.Exists(name) && File.ReadAllText(name).Trim() is var text && (text.StartsWith("package", StringComparison.Ordinal) || text == "dram");
    }
}

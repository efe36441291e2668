using System.Globalization;
using Darkroom.Engine.Energy;
using Darkroom.TestKit;

namespace Darkroom.Engine.Tests.Energy;

/// <summary>The kernel's counters of energy, in a folder as the kernel shows them.</summary>
public sealed class PowercapMeterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-powercap-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Packages_and_memory_are_added_up_and_parts_of_them_are_not()
    {
        Zone("intel-rapl:0", "package-0", 5_000_000);
        Zone("intel-rapl:0:0", "core", 1_000_000);
        Zone("intel-rapl:0:1", "dram", 2_000_000);
        Zone("intel-rapl:1", "package-1", 7_000_000);
        Zone("intel-rapl:2", "psys", 90_000_000);
        Zone("intel-rapl-mmio:0", "package-0", 5_000_000);
        using var meter = PowercapMeter.Open(folder)!;
        Assert.Equal(0, meter.Joules);
        Zone("intel-rapl:0", "package-0", 6_500_000);
        Zone("intel-rapl:0:0", "core", 2_000_000);
        Zone("intel-rapl:0:1", "dram", 2_250_000);
        Zone("intel-rapl:1", "package-1", 9_000_000);
        Zone("intel-rapl:2", "psys", 99_000_000);
        Zone("intel-rapl-mmio:0", "package-0", 6_500_000);
        Assert.Equal(3.75, meter.Joules);
        Assert.Equal(3.75, meter.Joules);
    }

    [Fact]
    public void A_counter_that_goes_round_goes_on()
    {
        Zone("intel-rapl:0", "package-0", 262_143_000_000, range: 262_143_328_850);
        using var meter = PowercapMeter.Open(folder)!;
        Zone("intel-rapl:0", "package-0", 671_150, range: 262_143_328_850);
        Assert.Equal(1.0, meter.Joules);
        Zone("intel-rapl:0", "package-0", 1_671_150, range: 262_143_328_850);
        Assert.Equal(2.0, meter.Joules);
    }

    [Fact]
    public void Without_counters_or_the_right_to_read_them_all_there_is_no_meter()
    {
        Assert.Null(PowercapMeter.Open(Path.Combine(folder, "none")));
        Assert.Null(PowercapMeter.Open(folder));
        Zone("intel-rapl:0", "package-0", 1);
        Zone("intel-rapl:1", "package-1", 1);
        File.Delete(Path.Combine(folder, "intel-rapl:1", "energy_uj"));
        Assert.Null(PowercapMeter.Open(folder));
    }

    [Fact]
    public void A_counter_that_cannot_be_read_for_a_while_is_not_known_and_misses_nothing()
    {
        Zone("intel-rapl:0", "package-0", 1_000_000);
        using var meter = PowercapMeter.Open(folder)!;
        File.WriteAllText(Path.Combine(folder, "intel-rapl:0", "energy_uj"), "");
        Assert.Null(meter.Joules);
        Zone("intel-rapl:0", "package-0", 4_000_000);
        Assert.Equal(3, meter.Joules);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        Zone("intel-rapl:0", "package-0", 1_000_000);
        using var meter = PowercapMeter.Open(folder)!;
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++) _ = meter.Joules;
        }));
    }

    [Theory]
    [InlineData(1, null, "1")]
    [InlineData(1, "", "1")]
    [InlineData(0, "3, 2", "3")]
    [InlineData(1, "GPU-aa,GPU-bb", "GPU-bb")]
    public void Cuda_counts_the_devices_that_it_may_see(int id, string? visible, string expected) => Assert.Equal(expected, NvidiaMeter.NameOf(id, visible));

    [Fact]
    public void A_library_that_is_not_there_is_done_without() => Assert.Null(NvidiaLibrary.Load("libdarkroom-none.so.1"));

    private void Zone(string zone, string name, long microjoules, long range = 262_143_328_850)
    {
        string path = Directory.CreateDirectory(Path.Combine(folder, zone)).FullName;
        File.WriteAllText(Path.Combine(path, "name"), name + "\n");
        File.WriteAllText(Path.Combine(path, "max_energy_range_uj"), range.ToString(CultureInfo.InvariantCulture) + "\n");
        File.WriteAllText(Path.Combine(path, "energy_uj"), microjoules.ToString(CultureInfo.InvariantCulture) + "\n");
    }
}

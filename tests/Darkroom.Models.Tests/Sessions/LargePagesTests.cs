using System.Globalization;
using Darkroom.Models.Files.Safetensors;
using Darkroom.Models.Graphs.Writing;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>Pages of 2 MiB for large blocks of weights, as /proc/self/smaps tells of them.</summary>
public sealed class LargePagesTests
{
    private const string Wish = "hg"; // of MADV_HUGEPAGE, in VmFlags

    [Fact]
    public void A_large_block_asks_for_large_pages_and_begins_at_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/sys/kernel/mm/transparent_hugepage/enabled"), "This system has no such pages.");
        var weight = WeightOf(LargePages.Least);
        var block = new WeightBlock([weight]);
        Assert.Equal(0, block.AddressOf(weight) % LargePages.Size);
        Assert.Contains(Wish, FlagsAt(block.AddressOf(weight)));
        Assert.Contains(Wish, FlagsAt(block.AddressOf(weight) + (nint)LargePages.Least - 1));
        block.Release();
    }

    [Fact]
    public void A_small_block_asks_for_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "This system does not say.");
        var weight = WeightOf(LargePages.Least / 2);
        var block = new WeightBlock([weight]);
        Assert.DoesNotContain(Wish, FlagsAt(block.AddressOf(weight)));
        block.Release();
    }

    private static PlacedWeight WeightOf(long bytes) => new(new StoredTensor("none", "w", StoredType.F32, [bytes / sizeof(float)], 0), OnnxElement.Float, "w");

    /// <summary>The flags of the mapping that an address is in.</summary>
    private static string[] FlagsAt(nint address)
    {
        bool inside = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0].Split('-') is [var first, var end] && TryParse(first, out long from) && TryParse(end, out long to))
                inside = from <= address && address < to;
            else if (inside && words[0] == "VmFlags:") return words[1..];
        }
        return [];
    }

    private static bool TryParse(string hex, out long value) => long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

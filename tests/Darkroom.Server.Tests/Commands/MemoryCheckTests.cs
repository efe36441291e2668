using Darkroom.Models.Catalog;
using Darkroom.Models.Residency;
using Darkroom.Server.Commands.Doctor;

namespace Darkroom.Server.Tests.Commands;

public sealed class MemoryCheckTests
{
    private const long MiB = 1 << 20;

    // Stable Diffusion 1.5's U-Net in a container of 4 GiB: refused as the process starts by default, and served with the setting that is named.
    [Theory]
    [InlineData(3_279, true, true)]
    [InlineData(3_279, false, false)]
    [InlineData(3_600, true, false)]
    [InlineData(2_000, true, false)]
    public void A_part_that_a_smaller_heap_would_make_room_for_is_told_how(long mebibytes, bool isExact, bool isTold) => Assert.Equal(
        isTold ? " With DOTNET_GCHeapHardLimit=0xC000000 in the environment there are 3520 MiB for weights and calls, and 115 MiB for pixels and files." : "",
        MemoryCheck.SmallerHeap(new MemoryLimits(4_096 * MiB, 1_434 * MiB), new PartSize("unet", mebibytes * MiB) { IsExact = isExact }));
}

using System.Runtime.InteropServices;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Tests.Sessions;

/// <summary>What a machine's blocks of channels are is found by trying.</summary>
public sealed class BlockedLayoutTests
{
    [Fact]
    public void Blocks_are_those_of_the_machine()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Assert.Equal(0, BlockedLayout.Block);
            return;
        }
        Assert.Contains(BlockedLayout.Block, (int[])[8, 16]);
        Assert.True(BlockedLayout.Computes(BlockedLayout.Block));
    }

    /// <summary>A runtime that lays blocks out otherwise gives other numbers: then convolutions stay in ONNX's own layout.</summary>
    [Fact]
    public void Blocks_of_another_size_do_not_pass()
    {
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) Assert.False(BlockedLayout.Computes(24 - BlockedLayout.Block));
    }
}

using Darkroom.Engine.Artifacts;

namespace Darkroom.Engine.Tests.Queue;

public sealed class InputMemoryTests
{
    [Fact]
    public void One_caller_does_not_keep_the_others_out()
    {
        var memory = new InputMemory(100);
        using var first = memory.Reserve("a");
        Assert.True(first.TryGrowTo(40));
        using (var second = memory.Reserve("a"))
        {
            Assert.False(second.TryGrowTo(20));
            Assert.True(second.TryGrowTo(10));
            using var other = memory.Reserve("b");
            Assert.True(other.TryGrowTo(50));
            Assert.Equal(100, memory.HeldBytes);
        }
        Assert.Equal(40, memory.HeldBytes);
        Assert.True(first.TryGrowTo(100)); // its only one
    }
}

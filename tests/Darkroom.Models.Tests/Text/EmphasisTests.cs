using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

public sealed class EmphasisTests
{
    [Fact]
    public void Without_weights_nothing_changes()
    {
        float[] states = [1, 2, 3, 4];
        Emphasis.Apply(states, []);
        Assert.Equal([1, 2, 3, 4], states);
    }

    [Fact]
    public void The_mean_is_kept()
    {
        float[] states = [1, 3, 2, 2]; // [2, 2]
        Emphasis.Apply(states, [1, 3]);
        Assert.Equal([0.5f, 1.5f, 3, 3], states);
    }

    [Fact]
    public void A_mean_of_zero_is_not_divided_by()
    {
        float[] states = [1, -1, 2, -2];
        Emphasis.Apply(states, [1, 0]);
        Assert.Equal([1, -1, 0, 0], states);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] states = new float[77 * 64], weights = [.. Enumerable.Range(0, 77).Select(i => 1 + i / 100f)];
        Emphasis.Apply(states, weights);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Emphasis.Apply(states, weights);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}

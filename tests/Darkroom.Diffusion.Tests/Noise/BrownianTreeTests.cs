using Darkroom.Diffusion.Noise;

namespace Darkroom.Diffusion.Tests.Noise;

public sealed class BrownianTreeTests
{
    private static readonly (double From, double To)[] Moves = [(14.6, 9.1), (9.1, 5.5), (14.6, 5.5), (5.5, 0.7), (0.7, 0.03), (3.3, 3.2), (0.03, 14.6)];

    [Fact]
    public void Increments_do_not_depend_on_what_was_asked_before()
    {
        BrownianTree forward = Tree(), backward = Tree();
        float[][] there = [.. Moves.Select(move => Noise(forward, move))];
        float[][] back = [.. Moves.Reverse().Select(move => Noise(backward, move)).Reverse()];
        for (int i = 0; i < Moves.Length; i++)
        {
            Assert.Equal(there[i], back[i]);
            Assert.Equal(there[i], Noise(Tree(), Moves[i]));
        }
    }

    [Fact]
    public void Parts_of_a_move_add_up_to_the_whole()
    {
        var tree = Tree();
        float[] left = new float[64], right = new float[64], whole = new float[64];
        tree.Increment(0.5, 3.7, left);
        tree.Increment(3.7, 9, right);
        tree.Increment(0.5, 9, whole);
        for (int i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], left[i] + right[i], 1e-5f);
    }

    [Fact]
    public void Going_down_is_going_up_reversed()
    {
        var tree = Tree();
        Assert.Equal(Noise(tree, (2, 5)), Array.ConvertAll(Noise(tree, (5, 2)), v => -v));
    }

    [Fact]
    public void Levels_outside_the_range_count_as_its_ends()
    {
        var tree = Tree();
        float[] inside = new float[64], outside = new float[64];
        tree.Increment(0.03, 14.6, inside);
        tree.Increment(0, 100, outside);
        Assert.Equal(inside, outside);
    }

    [Theory]
    [InlineData(3, 3), InlineData(3, 3.0000002), InlineData(20, 30)]
    public void No_distance_gives_no_noise(double from, double to) =>
        Assert.All(Noise(Tree(), (from, to)), v => Assert.Equal(0, v));

    [Fact]
    public void Noise_is_unit_normal()
    {
        var tree = new BrownianTree(NoiseGenerator.TorchCpu, 3, 0.03, 14.6, 50_000);
        var values = new float[50_000];
        tree.UnitNoise(7.1, 6.4, values);
        Assert.Equal(0, values.Average(v => (double)v), 0.02);
        Assert.Equal(1, values.Average(v => (double)v * v), 0.03);
    }

    [Fact]
    public void Ends_on_dyadic_levels_are_found()
    {
        // 1/128 lies half-way between two decimals of six digits; the halves of [0, 1] meet it at depth 7.
        var tree = new BrownianTree(NoiseGenerator.TorchCpu, 3, 0, 1, 16);
        float[] first = new float[16], second = new float[16], whole = new float[16];
        tree.Increment(0, 1 / 128.0, first);
        tree.Increment(1 / 128.0, 1 / 64.0, second);
        tree.Increment(0, 1 / 64.0, whole);
        for (int i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], first[i] + second[i], 1e-6f);
    }

    [Fact]
    public void Other_length_is_refused() => Assert.Throws<ArgumentException>(() => Tree().Increment(1, 2, new float[3]));

    private static BrownianTree Tree() => new(NoiseGenerator.TorchCpu, 42, 0.03, 14.6, 64);

    private static float[] Noise(BrownianTree tree, (double From, double To) move)
    {
        var values = new float[tree.Length];
        tree.UnitNoise(move.From, move.To, values);
        return values;
    }
}

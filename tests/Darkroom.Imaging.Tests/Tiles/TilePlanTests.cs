using Darkroom.Imaging.Tiles;

namespace Darkroom.Imaging.Tests.Tiles;

public sealed class TilePlanTests
{
    public static IEnumerable<TheoryDataRow<int, int, int>> Grids() =>
        from tile in new[] { 1, 16, 48, 100 } from overlap in new[] { 0, 1, 7, 20, 64 } from multiple in new[] { 1, 8 }
            select new TheoryDataRow<int, int, int>(tile, overlap, multiple);

    [Theory]
    [MemberData(nameof(Grids))]
    public void Every_pixel_is_one_tile_s_share_and_every_tile_sees_its_overlap(int core, int overlap, int multiple)
    {
        for (int length = 1; length <= 330; length++)
        {
            var axis = TileAxis.Even(length, core, overlap, multiple);
            AssertSound(axis);
            Assert.Equal(0, axis.Window % multiple);
            Assert.True(axis.Count == 1 || axis.Context >= overlap, $"{length}: context {axis.Context}");
            Assert.True(axis.Count == 1 || axis.Window < length, $"{length}: window {axis.Window}");
        }
    }

    [Theory]
    [InlineData(8, 0)]
    [InlineData(8, 4)]
    [InlineData(64, 16)]
    [InlineData(64, 200)]
    public void Windows_of_a_given_length_cover_any_picture(int window, int overlap)
    {
        for (int length = 1; length <= 300; length++)
        {
            var axis = TileAxis.Fixed(length, window, overlap);
            AssertSound(axis);
            Assert.Equal(window, axis.Window);
            Assert.True(axis.Count == 1 || axis.Context >= Math.Min(overlap, window / 4), $"{length}: context {axis.Context}");
        }
    }

    [Theory]
    [InlineData(512, 256, 32, 2, 288)] // two equal parts and one overlap each, not two and a rest
    [InlineData(256, 256, 32, 1, 256)]
    [InlineData(257, 256, 20, 2, 149)]
    [InlineData(1024, 256, 20, 4, 286)]
    public void Parts_are_equal_and_windows_no_longer_than_needed(int length, int core, int overlap, int count, int window)
    {
        var axis = TileAxis.Even(length, core, overlap, 1);
        Assert.Equal((count, window), (axis.Count, axis.Window));
    }

    [Fact]
    public void Tiles_are_counted_left_to_right_then_down()
    {
        var plan = TilePlan.Make(100, 60, 40, 4);
        Assert.Equal(3 * 2, plan.Count);
        Assert.All(Enumerable.Range(0, plan.Count), index =>
            Assert.Equal((index % 3, index / 3, index), (plan[index].Column, plan[index].Row, plan[index].Index)));
        Assert.Equal(100 * 60, Enumerable.Range(0, plan.Count).Sum(index => plan[index].Share.Area));
        Assert.All(Enumerable.Range(0, plan.Count), index => Assert.True(plan[index].Window.Contains(plan[index].Share)));
    }

    [Fact]
    public void Fades_never_meet_and_never_leave_a_window()
    {
        for (int length = 20; length < 300; length += 7)
            foreach (int overlap in new[] { 0, 3, 16, 40 })
            {
                var axis = TileAxis.Even(length, 17, overlap, 1);
                int fade = TilePlan.FadeWithin(axis, 16);
                Assert.True(fade <= Math.Min(axis.Context, axis.ShortestCore / 2) || axis.Count == 1 && fade == 0);
            }
    }

    private static void AssertSound(TileAxis axis)
    {
        Assert.Equal((0, axis.Length), (axis.Cuts[0], axis.Cuts[^1]));
        for (int i = 0; i < axis.Count; i++)
        {
            Assert.True(axis.Cuts[i] < axis.Cuts[i + 1]);
            Assert.True(axis.Starts[i] >= 0 && (axis.Count == 1 || axis.Starts[i] + axis.Window <= axis.Length));
            Assert.True(axis.Starts[i] <= axis.Cuts[i] && axis.Starts[i] + axis.Window >= axis.Cuts[i + 1]);
        }
    }
}

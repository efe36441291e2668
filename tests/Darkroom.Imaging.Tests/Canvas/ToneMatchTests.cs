using Darkroom.Imaging.Canvas;

namespace Darkroom.Imaging.Tests.Canvas;

public sealed class ToneMatchTests
{
    private static readonly OutpaintPlan Plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 32, 0, 0, 8), maxSize: 96, step: 8);

    [Fact]
    public void Nothing_changes_where_nothing_differs()
    {
        var plain = Plain(96, 64, 120, 130, 140);
        Assert.Equal(plain.Pixels, Match(Plan, plain, plain).Pixels);
    }

    [Fact]
    public void A_window_that_is_lighter_throughout_starts_at_the_pictures_tone_and_fades_to_its_own()
    {
        var matched = Match(Plan, Plain(96, 64, 120, 130, 140), Plain(96, 64, 126, 136, 132));
        byte[] red = [.. Enumerable.Range(0, 96).Select(x => matched.Row(32)[3 * x])];
        Assert.All(red[57..66], value => Assert.Equal(120, value));
        Assert.Equal(red[64..].Order(), red[64..]);
        Assert.InRange(red[95], 125, 126);
        Assert.Equal(140, matched.Row(32)[3 * 64 + 2]);
    }

    [Fact]
    public void Where_the_picture_is_not_repainted_only_the_border_is_compared()
    {
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 32, 0, 0, 0), maxSize: 96, step: 8);
        var matched = Match(plan, Plain(96, 64, 120, 120, 120), Plain(96, 64, 110, 110, 110));
        Assert.Equal(120, matched.Row(0)[3 * 64]);
    }

    [Fact]
    public void Another_thing_is_no_other_tone()
    {
        var painted = Plain(96, 64, 120, 180, 120);
        Assert.Equal(painted.Pixels, Match(Plan, Plain(96, 64, 120, 130, 120), painted).Pixels);
    }

    [Fact]
    public void Levels_stay_within_a_byte_and_within_what_may_be_added()
    {
        var random = new Random(1);
        var standing = Plain(96, 64, 0, 0, 0);
        var painted = Plain(96, 64, 0, 0, 0);
        for (int i = 0; i < painted.Pixels.Length; i++) (standing.Pixels[i], painted.Pixels[i]) = ((byte)(250 + random.Next(6)), (byte)(235 + random.Next(21)));
        var matched = Match(Plan, standing, painted);
        Assert.NotEqual(painted.Pixels, matched.Pixels);
        for (int i = 0; i < painted.Pixels.Length; i++) Assert.InRange(Math.Abs(matched.Pixels[i] - painted.Pixels[i]), 0, ToneMatch.MaxLevels);
    }

    [Fact]
    public void What_an_earlier_pass_painted_is_matched_without_a_step_at_the_strips_edge()
    {
        var plan = OutpaintPlan.Make(64, 64, new CanvasExtension(0, 200, 0, 0, 8), maxSize: 64, step: 8);
        var matched = Match(plan, Plain(64, 64, 120, 120, 120), Plain(64, 64, 130, 130, 130), pass: 2);
        var row = matched.Row(32).ToArray();
        Assert.Equal(120, row[0]);
        Assert.InRange(row[3 * 63], 129, 130);
        for (int x = 1; x < 64; x++) Assert.InRange(row[3 * x] - row[3 * x - 3], 0, 1);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(7, 1)]
    public void A_picture_of_a_pixels_width_is_matched_too(int width, int height)
    {
        var plan = OutpaintPlan.Make(width, height, new CanvasExtension(1, 0, 0, 0, 8), maxSize: 64, step: 1);
        var window = plan.Passes[0].Window;
        var matched = Match(plan, Plain(window.Width, window.Height, 9, 9, 9), Plain(window.Width, window.Height, 9, 9, 9));
        Assert.All(matched.Pixels, value => Assert.Equal(9, value));
    }

    private static Picture Match(OutpaintPlan plan, Picture standing, Picture painted, int pass = 0)
    {
        var one = plan.Passes[pass];
        return ToneMatch.Run(one, plan, OutpaintMask.Overlay(OutpaintMask.Of(one, plan), one, plan), standing, painted);
    }

    private static Picture Plain(int width, int height, byte red, byte green, byte blue)
    {
        var plain = Picture.Blank(width, height, 3);
        for (int i = 0; i < plain.Pixels.Length; i += 3) (plain.Pixels[i], plain.Pixels[i + 1], plain.Pixels[i + 2]) = (red, green, blue);
        return plain;
    }
}

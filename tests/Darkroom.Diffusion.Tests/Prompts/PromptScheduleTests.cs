using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

public sealed class PromptScheduleTests
{
    [Theory]
    [InlineData("[a|b:c]")]
    [InlineData("[a:b|c]")]
    [InlineData("[a:b]")]
    [InlineData("[a:b:c:0.5]")]
    [InlineData("[a:b:0. 5]")]
    [InlineData("[a:b:0,5]")]
    [InlineData("[a:b:1e999]")]
    [InlineData("[a:(b:0.5])")]
    [InlineData("[a (b] c):0.5")]
    public void What_is_no_grammar_is_text(string text) => Assert.Equal([new(10, text)], PromptSchedule.Parse(text, 10));

    [Fact]
    public void Round_brackets_hide_the_marks_inside() =>
        Assert.Equal([new(5, "(x:1.2|y])"), new(10, "b")], PromptSchedule.Parse("[(x:1.2|y]):b:0.5]", 10));

    [Fact]
    public void A_bracket_inside_text_brackets_still_acts() =>
        Assert.Equal([new(3, "[x a [y"), new(10, "[x b [y")], PromptSchedule.Parse("[x [a:b:3] [y", 10));

    [Fact]
    public void A_turn_inside_a_switch_keeps_the_count_of_steps() =>
        Assert.Equal(["a", "b", "a", "d", "c", "d"], PromptSchedule.Parse("[[a|b]:[c|d]:3]", 6).Select(entry => entry.Text));

    [Theory]
    [InlineData("[a:b:1.0]", 8)]
    [InlineData("[a:b:1]", 1)]
    [InlineData("[a:b: .5\n]", 4)]
    [InlineData("[ a : b :2 ]", 2)]
    public void A_point_makes_a_share_of_a_number_and_blanks_around_it_are_nothing(string text, int last) =>
        Assert.Equal(last, PromptSchedule.Parse(text, 8)[0].LastStep);

    [Fact]
    public void A_step_beyond_the_last_is_never_reached() => Assert.Equal([new(8, "a")], PromptSchedule.Parse("[a:b:1e300]", 8));

    [Fact]
    public void Numbers_below_zero_are_before_the_first_step() => Assert.Equal([new(8, "b")], PromptSchedule.Parse("[a:b:-1e300]", 8));

    [Theory]
    [InlineData("[a:b:0.5]", "b")]
    [InlineData("[a:b:1.0]", "b")]
    [InlineData("[a:b:1.5]", "a5 b")]
    [InlineData("[a:b:20]", "b")]
    [InlineData("[a:b:23]", "a3 b")]
    [InlineData("[a:b:2.0]", "a")]
    public void Steps_of_a_second_pass_count_on(string text, string reads) => Assert.Equal(
        reads, string.Join(' ', PromptSchedule.Parse(text, 10, before: 20).Select(entry => entry.Text + (entry.LastStep == 10 ? "" : $"{entry.LastStep}"))));
}

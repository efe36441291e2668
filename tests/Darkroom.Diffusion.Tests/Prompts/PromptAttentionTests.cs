using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

public sealed class PromptAttentionTests
{
    [Fact]
    public void A_weight_that_is_no_number_is_text_and_its_bracket_a_plain_one() =>
        Assert.Equal([new("a:1.2.3", 1.1), new(" b", 1)], PromptAttention.Parse("(a:1.2.3) b"));

    [Theory]
    [InlineData("(a:.)")]
    [InlineData("(a:+)")]
    [InlineData("(a:1+2)")]
    [InlineData("(a:)")]
    public void Signs_and_points_alone_are_no_weight(string text) =>
        Assert.Equal([new(text[1..^1], 1.1)], PromptAttention.Parse(text));

    [Fact]
    public void A_weight_beyond_float32_is_text()
    {
        string text = "a:" + new string('9', 400);
        Assert.Equal([new(text, 1.1)], PromptAttention.Parse($"({text})"));
    }

    [Theory]
    [InlineData("(a: 1.4)")]
    [InlineData("(a:1.4 )")]
    [InlineData("(a:\t1.4\n)")]
    public void Blanks_around_a_weight_are_nothing(string text) => Assert.Equal([new("a", 1.4)], PromptAttention.Parse(text));

    [Fact]
    public void Digits_of_any_script_are_digits() => Assert.Equal([new("a", 1.5)], PromptAttention.Parse("(a:١.٥)"));

    [Fact]
    public void Break_is_a_mark_only_outside_brackets()
    {
        Assert.True(Assert.Single(PromptAttention.Parse("cat BREAK dog"), piece => piece.IsBreak) == PromptPiece.Break);
        Assert.DoesNotContain(PromptAttention.Parse("(cat BREAK dog)"), piece => piece.IsBreak);
    }

    [Fact]
    public void Underscores_and_letters_of_any_script_hold_a_word_together()
    {
        Assert.DoesNotContain(PromptAttention.Parse("_BREAK BREAKé 漢BREAK"), piece => piece.IsBreak);
        Assert.Single(PromptAttention.Parse("a\u0301,BREAK。b"), piece => piece.IsBreak);
    }

    [Fact]
    public void Extra_networks_stay_in_the_text() =>
        Assert.Equal([new("<lora:x:0.8> ", 1), new("b", 1.1)], PromptAttention.Parse("<lora:x:0.8> (b)"));
}

using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

public sealed class PromptCompositionTests
{
    [Fact]
    public void One_prompt_may_have_a_weight_too() => Assert.Equal([new("a cat", 1.2)], PromptComposition.Parse("a cat :1.2"));

    [Fact]
    public void A_part_over_several_lines_has_a_weight_too() =>
        Assert.Equal([new("a\nb", 2), new(" c", 2)], PromptComposition.Parse("a\nb :2 AND c :2"));

    [Fact]
    public void Behind_the_most_parts_the_word_is_text() =>
        Assert.Equal([new("a", 1), new(" b AND c", 3)], PromptComposition.Parse("a AND b AND c :3", most: 2));

    [Theory]
    [InlineData("", 1)]
    [InlineData("a BAND AND b", 2)]
    [InlineData("AND AND", 3)]
    public void Parts_are_counted_as_they_are_read(string text, int parts)
    {
        Assert.Equal(parts, PromptComposition.Count(text));
        Assert.Equal(parts, PromptComposition.Parse(text).Count);
    }

    [Fact]
    public void A_blank_part_is_empty() => Assert.Equal([new("a", 1), new("", 1)], PromptComposition.Parse("a AND  "));

    [Fact]
    public void A_part_may_be_a_weight_alone() => Assert.Equal([new("a", 1), new("", 1.2)], PromptComposition.Parse("a AND  :1.2 "));
}

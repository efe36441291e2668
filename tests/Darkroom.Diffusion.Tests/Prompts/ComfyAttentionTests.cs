using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

public sealed class ComfyAttentionTests
{
    [Theory]
    [InlineData("a cat", "a cat|1")]
    [InlineData("", "|1")]
    [InlineData("a (cat) b", "a |1;cat|1.1; b|1")]
    [InlineData("((cat))", "cat|1.21")]
    [InlineData("(cat:1.3)", "cat|1.3")]
    [InlineData("((cat:1.3))", "cat|1.3")] // a number is the weight itself, whatever stands around it
    [InlineData("((cat):1.3)", "cat|1.43")]
    [InlineData("(cat:x)", "cat:x|1.1")]
    [InlineData("(:1.3)", ":1.3|1.1")]
    [InlineData("(cat:1e400)", "cat:1e400|1.1")]
    [InlineData(@"a \(cat\)", "a (cat)|1")]
    [InlineData("[cat] BREAK AND", "[cat] BREAK AND|1")]
    [InlineData("(cat", "(cat|1")]
    [InlineData("cat) (dog)", "cat) (dog)|1")] // the bracket that was never opened counts
    [InlineData("(a (b)", "a |1.1;(b|1.1")] // begins and ends as a bracket does
    public void Pieces_are_ComfyUis(string text, string pieces) => Assert.Equal(
        pieces,
        string.Join(';', ComfyAttention.Parse(text).Select(piece => FormattableString.Invariant($"{piece.Text}|{Math.Round(piece.Weight, 9)}"))));

    [Fact]
    public void Deep_brackets_take_no_depth_of_the_stack()
    {
        string deep = new string('(', 2000) + "a" + new string(')', 2000);
        Assert.Equal("a", Assert.Single(ComfyAttention.Parse(deep)).Text);
        Assert.Equal(1, Assert.Single(ComfyAttention.Parse(new string('(', 4096))).Weight);
    }
}

using Darkroom.Models.Text;

namespace Darkroom.Models.Tests.Text;

public sealed class NamesInTextTests
{
    private static readonly NamesInText<string> Names = new(new (string Id, string? Token)[]
    {
        ("easynegative", null), ("bad-hands-5", null), ("bad", null), ("toys", "<toy>"), ("other", "<toys>"), ("late", "<toy>"), ("Ärger", null),
        ("marks", "*"), ("my style", null), ("ing", null),
    }.Select(one => (new EmbeddingNames(one.Id, one.Id, one.Token), one.Id)));

    [Theory]
    [InlineData("a cat", "a cat")]
    [InlineData("a <easynegative>, b", "a |[easynegative]|, b")]
    [InlineData("EasyNegative", "(easynegative)")]
    [InlineData("easynegatives", "easynegatives")]
    [InlineData("x,easynegative_v2", "x,|(easynegative)|_v2")]
    [InlineData("bad-hands-5", "(bad-hands-5)")]
    [InlineData("BAD - hands-5 bad-hand", "(bad-hands-5)| |(bad)|-hand")]
    [InlineData("bad-hands-50", "(bad-hands-5)|0")]
    [InlineData("<toy> and toy", "[late]| and toy")]
    [InlineData("<toys>", "[toys]")]
    [InlineData("<TOYS>", "[toys]")]
    [InlineData("<<toys>>", "<|[toys]|>")]
    [InlineData("<a <toys>", "<a |[toys]")]
    [InlineData("<unknown> <", "<unknown> <")]
    [InlineData("painting", "painting")]
    [InlineData("My  Style", "(my style)")]
    [InlineData("two * two", "two |(marks)| two")]
    [InlineData("A\u0308RGER", "(Ärger)")]
    [InlineData("", "")]
    public void Names_are_found(string text, string parts) => Assert.Equal(parts, string.Join('|', Names.Split(text)
        .Select(part => part.Named is { } named ? part.IsBracketed ? $"[{named}]" : $"({named})" : part.Text)));

    [Fact]
    public void Half_a_sign_is_no_part_of_a_name() =>
        Assert.Equal(["\ufffd", "easynegative"], Names.Split((char)0xD800 + "easynegative").Select(part => part.Text));

    [Fact]
    public void Parts_are_the_whole_text()
    {
        var random = new Random(1);
        string[] pieces = ["<", ">", "toys", "easynegative", "bad", "-", "hands", "5", " ", "é", "😀", ",", "'s", "*"];
        for (int i = 0; i < 500; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(text, string.Concat(Names.Split(text).Select(part => part.Text)));
        }
    }

    [Fact]
    public void Without_names_every_text_is_words()
    {
        var none = new NamesInText<string>([]);
        Assert.True(none.IsEmpty);
        Assert.Equal([new NamedPart<string>("<toys>", null, false)], none.Split("<toys>"));
    }

    [Fact]
    public void Names_that_differ_in_case_are_told_apart_in_brackets()
    {
        var two = new NamesInText<string>(new[] { "Toy", "toy" }.Select(id => (new EmbeddingNames(id, id, null), id)));
        Assert.Equal(["Toy", "toy", "Toy"], ((string[])["<Toy>", "<toy>", "<TOY>"]).Select(text => Assert.Single(two.Split(text)).Named));
    }
}

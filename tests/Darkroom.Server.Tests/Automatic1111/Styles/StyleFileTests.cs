using System.Text;
using Darkroom.Server.Automatic1111.Styles;

namespace Darkroom.Server.Tests.Automatic1111.Styles;

public sealed class StyleFileTests
{
    private const string Columns = "name,prompt,negative_prompt\n";

    [Fact]
    public void Rows_are_styles_in_their_order_and_the_later_of_one_name_counts()
    {
        var styles = Read(Columns + "ink,ink drawing,colour\n# a remark,x,y\n\nfilm,\"{prompt}, 35mm\",\nink,\"ink, \"\"wet\"\"\",\"blue\nred\"\n");
        Assert.Equal([new("ink", "ink, \"wet\"", "blue\nred"), new PromptStyle("film", "{prompt}, 35mm", "")], styles);
    }

    [Theory]
    [InlineData("a,b", "b", "")] // short rows
    [InlineData("a", "", "")]
    [InlineData("a,b,c,d", "b", "c")]
    [InlineData("a, b,  \"c\"", "b", "c")] // blanks before a value
    [InlineData("a,b \"x\" y,\"c\"d", "b \"x\" y", "cd")]
    [InlineData("a,\"one, two\",\"\"", "one, two", "")]
    [InlineData("a,\"b\r\nc\",d\r\n", "b\r\nc", "d")]
    [InlineData("a,b,c\r\r", "b", "c")]
    [InlineData("a,b,", "b", "")]
    [InlineData("a,,c", "", "c")]
    public void Values_are_read_as_AUTOMATIC1111_reads_them(string row, string prompt, string negative)
    {
        Assert.Equal(new PromptStyle("a", prompt, negative), Assert.Single(Read(Columns + row)));
        Assert.Equal(new PromptStyle("a", prompt, negative), Assert.Single(Read("\uFEFF" + Columns.Replace("\n", "\r\n") + row)));
    }

    [Fact]
    public void Columns_are_found_by_their_names_and_old_files_have_two()
    {
        Assert.Equal(new PromptStyle("a", "b", "c"), Assert.Single(Read("negative_prompt, \"prompt\", more, name\nc,b,x,a")));
        Assert.Equal(new PromptStyle("a", "b", ""), Assert.Single(Read("name,text\na,b")));
        Assert.Empty(Read(""));
        Assert.Empty(Read("\n\n" + Columns));
    }

    [Theory]
    [InlineData("prompt\nx", "has no column 'name' in line 1, which names the columns")]
    [InlineData("\n\nname;prompt\nx", "has no column 'name' in line 3, which names the columns")]
    [InlineData("name,negative_prompt\nx,y", "has no column 'prompt' in line 1, which names the columns")]
    [InlineData(Columns + "a,\"b\nc\",d\ne,\"f\n\n", "has a quote in line 4 that is never closed")]
    [InlineData(Columns + "a,\"b\"\"", "has a quote in line 2 that is never closed")]
    public void What_is_wrong_is_said_with_its_line(string text, string fault) =>
        Assert.Equal(fault, Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void Other_encodings_and_too_many_rows_are_refused()
    {
        Assert.Contains("is not UTF-8", Assert.Throws<InvalidDataException>(() => StyleFile.Read([.. Encoding.ASCII.GetBytes(Columns), 0xB0, 0xA1])).Message);
        Assert.Contains("is not UTF-8", Assert.Throws<InvalidDataException>(() => StyleFile.Read(Encoding.Unicode.GetPreamble())).Message);
        var rows = string.Concat(Enumerable.Range(0, StyleFile.MaxStyles + 1).Select(i => $"style {i},x,y\n"));
        Assert.Equal("has more than 10000 styles, in line 10002", Assert.Throws<InvalidDataException>(() => Read(Columns + rows)).Message);
    }

    /// <summary>Every text of a few letters that a reader could stumble over: it ends, with rows or a fault.</summary>
    [Fact]
    public void Any_text_is_read_or_refused()
    {
        char[] letters = ['"', ',', '\n', '\r', ' ', 'a'];
        for (int i = 0; i < 46_656; i++)
        {
            var text = string.Concat(Enumerable.Range(0, 6).Select(place => letters[i / (int)Math.Pow(6, place) % 6]));
            try
            {
                foreach (var row in CsvRows.Of(text)) Assert.NotEmpty(row.Fields);
            }
            catch (InvalidDataException fault)
            {
                Assert.EndsWith("that is never closed", fault.Message);
                Assert.Contains('"', text);
            }
        }
    }

    [Theory]
    [InlineData("ink", "fox", "fox, ink")]
    [InlineData(" ink ", " fox\n", "fox, ink")]
    [InlineData("", " fox ", "fox")]
    [InlineData("ink", "  ", "ink")]
    [InlineData("", "", "")]
    [InlineData("a {prompt} b ", " fox ", "a  fox  b ")]
    [InlineData("{prompt} {prompt}", "fox", "fox fox")]
    [InlineData("{Prompt}", "fox", "fox, {Prompt}")]
    public void A_text_is_joined_or_has_a_place_for_the_prompt(string style, string prompt, string merged) =>
        Assert.Equal(merged, PromptStyle.Merge(style, prompt));

    [Fact]
    public void No_text_grows_without_bound() =>
        Assert.Null(PromptStyle.Merge(string.Concat(Enumerable.Repeat("{prompt}", 1000)), new string('x', 1000)));

    private static IReadOnlyList<PromptStyle> Read(string text) => StyleFile.Read(Encoding.UTF8.GetBytes(text));
}

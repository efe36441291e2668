using System.Diagnostics;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Imaging.Tests.Metadata;

public sealed class ParametersTextTests
{
    private static readonly KeyValuePair<string, string>[] Usual = [new("Steps", "20"), new("Sampler", "Euler a"), new("Size", "512x768")];

    [Fact]
    public void Text_reads_as_a1111_writes_it()
    {
        string text = ParametersText.Write("a (fox:1.2), snow", "ugly",
            [.. Usual, new("Lora hashes", "a: 1, b: 2"), new("Tiling", "Tiling"), new("Version", "v1.10.1")]);
        Assert.Equal("a (fox:1.2), snow\nNegative prompt: ugly\nSteps: 20, Sampler: Euler a, Size: 512x768, Lora hashes: \"a: 1, b: 2\", Tiling, Version: " +
            "v1.10.1", text);
        Assert.Equal("a fox\nSteps: 20, Sampler: Euler a, Size: 512x768", ParametersText.Write("a fox", "", Usual));
        Assert.Equal("Negative prompt: ugly\nSteps: 20, Sampler: Euler a, Size: 512x768", ParametersText.Write("", "ugly", Usual));
        Assert.Equal("a fox", ParametersText.Write("a fox", "", []));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("say \"hi\"", "say \"hi\"")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("12:30", "\"12:30\"")]
    [InlineData("one\ntwo", "\"one\\ntwo\"")]
    [InlineData("a, \"b\" \\ c\t\u0001", "\"a, \\\"b\\\" \\\\ c\\t\\u0001\"")]
    [InlineData("雪, 😀 \u2028\u007F é", "\"雪, 😀 \u2028\u007F é\"")]
    [InlineData("\"quoted\"", "\"\\\"quoted\\\"\"")]
    [InlineData(" edge", "\" edge\"")]
    [InlineData("", "\"\"")]
    public void Value_is_quoted_as_python_would(string value, string written)
    {
        Assert.Equal(written, ParametersQuoting.Quote(value));
        Assert.Equal(value, ParametersQuoting.Unquote(written));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"broken \\q\"")]
    [InlineData("\"half \\ud83d\"")]
    [InlineData("\"two\" \"strings\"")]
    public void What_is_no_json_string_stays_as_it_is(string value) => Assert.Equal(value, ParametersQuoting.Unquote(value));

    [Theory]
    [InlineData("a fox", "")]
    [InlineData("a fox", "ugly")]
    [InlineData("", "ugly")]
    [InlineData("", "")]
    [InlineData("two\nlines", "three\n\nlines")]
    [InlineData("雪の狐 😀", "\"醜い\", «laid»")]
    [InlineData("Steps: 99, Sampler: DDIM, Seed: 1, Model: none", "Steps: 1, Sampler: x, Seed: 2")]
    [InlineData("portrait: close, light: soft, mood: calm\nlens: 50, film: grain, a: b", "ends with colon:")]
    [InlineData("<lora:film:0.8>, (a:1.2) [b:c:0.5] \\(x\\)", "BREAK, AND x")]
    public void Prompts_and_fields_come_back(string prompt, string negative)
    {
        KeyValuePair<string, string>[] fields =
        [
            .. Usual, new("Hires prompt", "a, \"b\": c\nd \\ é 雪"), new("Style/set-2", "\"x\""), new("Clip skip", "2"), new("Note", " "), new("Empty", ""),
            new("Quote", "\""), new("Path", @"C\d"),
        ];
        var read = ParametersText.Parse(ParametersText.Write(prompt, negative, fields));
        Assert.Equal((prompt, negative), (read.Prompt, read.NegativePrompt));
        Assert.Equal(fields, read.Fields);
    }

    [Fact]
    public void Random_values_come_back()
    {
        var random = new Random(17);
        const string alphabet = "ab ,:\"\\\n\t{}[]'/-é雪\u0001\r";
        for (int round = 0; round < 3000; round++)
        {
            KeyValuePair<string, string>[] fields = [.. Usual, new("Free", Any(12)), new("Other", Any(3)), new("Last", Any(6))];
            string prompt = Any(5).Trim();
            var read = ParametersText.Parse(ParametersText.Write(prompt.Replace('\n', ' '), "", fields));
            Assert.Equal(prompt.Replace('\n', ' '), read.Prompt);
            Assert.Equal(fields, read.Fields);
        }

        string Any(int most) => new([.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
    }

    [Fact]
    public void Fewer_than_three_fields_are_prompt()
    {
        var read = ParametersText.Parse("a fox\nSteps: 20, Sampler: Euler a");
        Assert.Equal("a fox\nSteps: 20, Sampler: Euler a", read.Prompt);
        Assert.Empty(read.Fields);
    }

    [Fact]
    public void Text_of_a1111_is_read_by_its_rule()
    {
        var read = ParametersText.Parse(
            "  a fox  \n second \nNegative prompt: ugly\n  bad hands\nSteps: 20, Empty: , Seed: 1,x: 1, Size: 512x512, Seed: 2, Lora hashes: \"a: 1\", Bad " +
            "\"quote\": 4, End: \n");
        Assert.Equal("a fox\nsecond", read.Prompt);
        Assert.Equal("ugly\nbad hands", read.NegativePrompt);
        // "Empty" has no value, "x" is too short for a name, the second seed wins.
        Assert.Equal([new("Steps", "20"), new("Seed", "2"), new("Size", "512x512"), new("Lora hashes", "a: 1")], read.Fields);
    }

    [Fact]
    public void Negative_line_inside_a_prompt_starts_the_negative_prompt()
    {
        var read = ParametersText.Parse(ParametersText.Write("a\nNegative prompt: b", "c", Usual));
        Assert.Equal(("a", "b\nc"), (read.Prompt, read.NegativePrompt));
    }

    [Theory]
    [InlineData("a a a a a a a a ")]
    [InlineData("ab:\"\\\",")]
    [InlineData("a:")]
    [InlineData(" ")]
    [InlineData("aa: \"")]
    [InlineData("\\\"")]
    public void Hostile_text_costs_time_in_proportion_to_its_length(string unit)
    {
        string text = "x" + string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length)) + "x";
        var clock = Stopwatch.StartNew();
        ParametersText.Parse(text);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed} for {text.Length} characters");
    }
}

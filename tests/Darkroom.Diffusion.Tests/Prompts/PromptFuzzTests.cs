using System.Diagnostics;
using System.Text;
using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

/// <summary>No text is a fault, none overflows the stack, and none takes long.</summary>
public sealed class PromptFuzzTests
{
    private const int Longest = 4096;

    private static readonly string[] Parts =
    [
        "(", ")", "[", "]", ":", "|", "\\", " ", "\n", ".", "+", "-", "1", "0.5", "8", "1e9", "a", "cat", " BREAK ", " AND ", ":0.5]", ":1.3)", "[a:b:",
        "[a|b]",
        "é", "漢", "😀", "\uD800", "\uDC00", "\0", "\u001F", "١",
    ];

    [Fact]
    public void Ten_thousand_random_prompts_all_mean_something()
    {
        var random = new Random(20);
        for (int i = 0; i < 10_000; i++)
        {
            string text = Draw(random, random.Next(60));
            int steps = random.Next(1, 31);
            var plan = PromptPlan.Weighted(text, Draw(random, random.Next(20)), steps);
            Assert.Equal(steps, plan.Ranges[^1].End);
            for (int step = 0; step < steps; step++)
                Assert.True(step < plan.At(step).End);
            foreach (string one in plan.Texts)
                Assert.All(PromptAttention.Parse(one), piece => Assert.False(double.IsNaN(piece.Weight)));
            var schedule = PromptSchedule.Parse(text, steps);
            Assert.Equal(steps, schedule[^1].LastStep);
            Assert.All(schedule, entry => Assert.True(entry.Text.Length <= text.Length));
            if (!text.Contains('[')) Assert.Equal([new(steps, text)], schedule);
        }
    }

    public static TheoryData<string> Repeated =>
        ["(", "[", "[(", "[a:", "[a|", "[:", "[|", "(a:1.1)", "[a:b:1]", "[a|b]", "]", ")", ":", ": ", "\\", "a AND ", "BREAK ", "a BREAK", "[a:[b|", ":1",
            "[a:1.5]", " ", "1"];

    [Theory]
    [MemberData(nameof(Repeated))]
    public void The_longest_prompt_of_one_pattern_takes_less_than_a_second(string pattern)
    {
        string open = string.Concat(Enumerable.Repeat(pattern, Longest / pattern.Length));
        foreach (string text in (string[])[open, open + "1.5]", Closed(pattern, ":0.5]"), Closed(pattern, "|b]"), Closed(pattern, ")"), Closed(pattern, "]")])
        {
            long start = Stopwatch.GetTimestamp();
            var plan = PromptPlan.Weighted(text, text, 150);
            foreach (string one in plan.Texts.Take(2)) PromptAttention.Parse(one);
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1), $"{Stopwatch.GetElapsedTime(start)} for {text[..20]}…");
        }
    }

    [Fact]
    public void Brackets_a_thousand_deep_still_act()
    {
        string text = Closed("[", ":5]");
        var schedule = PromptSchedule.Parse(text, 10);
        Assert.Equal(2, schedule.Count);
        Assert.Equal("", schedule[0].Text);
        Assert.Equal("x", schedule[1].Text);
    }

    /// <summary>The pattern as often as it fits around an x, closed as often.</summary>
    private static string Closed(string open, string close)
    {
        int depth = (Longest - 1) / (open.Length + close.Length);
        return string.Concat(Enumerable.Repeat(open, depth)) + "x" + string.Concat(Enumerable.Repeat(close, depth));
    }

    private static string Draw(Random random, int parts)
    {
        var text = new StringBuilder();
        for (int i = 0; i < parts; i++) text.Append(Parts[random.Next(Parts.Length)]);
        return text.ToString();
    }
}

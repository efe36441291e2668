using System.Diagnostics;

namespace Darkroom.EndToEnd.Requests;

/// <summary>Prompts that were written to hurt: each is a picture, in bounded time, for no text of the prompt language is a fault.</summary>
public sealed class HostilePromptTests(StarterServer server) : IClassFixture<StarterServer>
{
    private const int Longest = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string> Texts = new()
    {
        ["open parentheses"] = new('(', Longest),
        ["closed parentheses"] = new(')', Longest),
        ["nested parentheses"] = new string('(', 2000) + "canary" + new string(')', 2000),
        ["open brackets"] = new('[', Longest),
        ["nested brackets"] = new string('[', 2000) + "canary" + new string(']', 2000),
        ["nested weights"] = Repeat("(", 60) + "canary" + Repeat(":9)", 60),
        ["a weight of 38 digits"] = $"canary (a:{new string('9', 38)}) (b:-{new string('9', 38)})",
        ["a weight of 4,000 digits"] = $"(a:{new string('9', 4000)})",
        ["weights that are none"] = "(a:nan) (b:inf) (c:1e400) (d:) (e:--1) (f:1.2.3)",
        ["a schedule beyond the steps"] = "[canary:b:9999] [a:b:-1] [a:b:1e308] [a:b:nan] [a:b:]",
        ["a schedule of 300 digits"] = $"[a:b:{new string('9', 300)}] [a:b:0.{new string('0', 300)}1]",
        ["nested schedules"] = Repeat("[a:", 400) + "b" + Repeat(":1]", 400),
        ["a schedule for every step"] = string.Join(' ', Enumerable.Range(1, 149).Select(i => $"[a{i}:b{i}:{i}]"))[..1800],
        ["alternatives"] = "[" + Repeat("a|", 2000) + "]",
        ["parts of weights that are none"] = "canary AND b :-1e308 AND c :1e400 AND d :nan AND e :",
        ["parts of 38 digits"] = $"canary :{new string('9', 38)} AND b :-{new string('9', 38)} AND c",
        ["parts that cancel"] = "canary :0 AND b :0",
        ["hundreds of parts"] = Repeat("a AND ", 680),
        ["nothing but AND"] = Repeat(" AND ", 800),
        ["nothing but BREAK"] = Repeat("BREAK ", 680),
        ["backslashes"] = new('\\', Longest),
        ["blanks"] = Repeat(" \n\t\u00a0", 1000),
        ["marks on one letter"] = "a" + new string('\u0301', Longest - 1),
        ["letters of four bytes"] = Repeat("\U0001F600", Longest),
        ["letters that turn the line"] = new('\u202e', Longest),
    };

    public static TheoryData<string> Names => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_hostile_prompt_gives_a_picture_in_bounded_time(string name)
    {
        long started = Stopwatch.GetTimestamp();
        Assert.Single((await server.PostAsync(new() { ["prompt"] = Texts[name], ["negative_prompt"] = Texts[name], ["seed"] = 1, ["steps"] = 2 })).Pictures());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Patience);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}

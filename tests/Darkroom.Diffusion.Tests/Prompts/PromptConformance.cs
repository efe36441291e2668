using System.Text.Json;
using Darkroom.Diffusion.Prompts;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Prompts;

/// <summary>Pieces, schedules and parts as A1111 reads them.</summary>
[Trait("Category", "Conformance")]
public sealed class PromptConformance
{
    public static IEnumerable<TheoryDataRow<int>> Attention => PackCases.Indices("prompts", "attention.json", "cases");
    public static IEnumerable<TheoryDataRow<int>> Schedules => PackCases.Indices("prompts", "schedule.json", "cases");
    public static IEnumerable<TheoryDataRow<int>> Compositions => PackCases.Indices("prompts", "and.json", "cases");

    [Theory]
    [MemberData(nameof(Attention))]
    public void Pieces_have_the_weights_of_A1111(int index)
    {
        var golden = Case("attention.json", index);
        using var measure = new Measure("prompts/attention", $"attention-{index}");
        var pieces = PromptAttention.Parse(Text(golden));
        if (golden.TryGetProperty("pieces", out var expected))
        {
            Compare(measure, expected, [.. pieces.Select(piece => (piece.Text, piece.Weight))]);
            return;
        }
        // A1111 raises where a weight is no number: here the colon and what follows it are text.
        measure.Equal("a colon is text", true, pieces.Any(piece => piece.Text.Contains(':')));
        measure.Equal("weights are finite", true, pieces.All(piece => double.IsFinite(piece.Weight)));
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Texts_change_at_the_steps_of_A1111(int index)
    {
        var golden = Case("schedule.json", index);
        using var measure = new Measure("prompts/schedule", $"schedule-{index}");
        var schedule = PromptSchedule.Parse(Text(golden), golden.GetProperty("steps").GetInt32());
        var expected = golden.GetProperty("schedule").EnumerateArray().ToArray();
        measure.Equal("entries", expected.Length, schedule.Count);
        foreach (var (entry, actual) in expected.Zip(schedule))
        {
            measure.Equal("last step", entry[0].GetInt32(), actual.LastStep);
            measure.Equal("text", entry[1].GetString(), actual.Text);
        }
    }

    [Theory]
    [MemberData(nameof(Compositions))]
    public void Parts_have_the_weights_of_A1111(int index)
    {
        var golden = Case("and.json", index);
        using var measure = new Measure("prompts/and", $"and-{index}");
        Compare(measure, golden.GetProperty("parts"), [.. PromptComposition.Parse(Text(golden)).Select(part => (part.Text, part.Weight))]);
    }

    private static JsonElement Case(string file, int index) => ConformancePack.Json("prompts", file).GetProperty("cases")[index];

    private static string Text(JsonElement golden) => golden.GetProperty("text").GetString()!;

    private static void Compare(Measure measure, JsonElement expected, (string Text, double Weight)[] actual)
    {
        measure.Equal("count", expected.GetArrayLength(), actual.Length);
        foreach (var (entry, piece) in expected.EnumerateArray().Zip(actual))
        {
            measure.Equal("text", entry[0].GetString(), piece.Text);
            measure.Bound("weight", Math.Abs(Measure.Number(entry[1]) - piece.Weight), 1e-12);
        }
    }
}

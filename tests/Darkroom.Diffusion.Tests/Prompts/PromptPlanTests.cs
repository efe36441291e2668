using System.Text.Json;
using Darkroom.Diffusion.Prompts;

namespace Darkroom.Diffusion.Tests.Prompts;

public sealed class PromptPlanTests
{
    [Fact]
    public void A_plain_prompt_is_read_as_it_stands_at_every_step()
    {
        var plan = PromptPlan.Plain("a [b:c:0.5] AND (d)", "e AND f", 20);
        Assert.Equal(["e AND f", "a [b:c:0.5] AND (d)"], plan.Texts);
        Assert.Equal(0, plan.At(0).Negative);
        Assert.Equal([new(1, 1)], plan.At(0).Parts);
        Assert.Same(plan.At(0), plan.At(19));
        Assert.False(plan.IsComposed);
        Assert.Equal(2, plan.Lanes);
    }

    [Fact]
    public void Parts_and_negative_follow_their_own_schedules()
    {
        var plan = PromptPlan.Weighted("[a:b:4] :0.5 AND c", "[d:e:6] AND f :2", 10);
        Assert.Equal([4, 6, 10], plan.Ranges.Select(range => range.End));
        Assert.Equal(("d AND f :2", "a", " c"), Read(plan, 3));
        Assert.Equal(("d AND f :2", "b", " c"), Read(plan, 4));
        Assert.Equal(("e AND f :2", "b", " c"), Read(plan, 6));
        Assert.Equal(Read(plan, 9), Read(plan, 12));
        Assert.All(plan.Ranges, range => Assert.Equal([0.5, 1], range.Parts.Select(part => part.Weight)));
        Assert.Equal(3, plan.Lanes);

        static (string, string, string) Read(PromptPlan plan, int step)
        {
            var now = plan.At(step);
            return (plan.Texts[now.Negative!.Value], plan.Texts[now.Parts[0].Text], plan.Texts[now.Parts[1].Text]);
        }
    }

    [Fact]
    public void A_text_is_encoded_once_however_often_it_comes_back()
    {
        var plan = PromptPlan.Weighted("[a|b]", "a", 50);
        Assert.Equal(["a", "b"], plan.Texts);
        Assert.Equal(50, plan.Ranges.Count);
    }

    [Fact]
    public void Steps_that_read_the_same_are_one_range() => Assert.Equal([2, 10], PromptPlan.Weighted("[[a|b]::2] [c:c:5]", "", 10).Ranges
        .Where((range, i) => i > 0).Select(range => range.End));

    [Fact]
    public void An_unguided_prompt_needs_no_negative_lane_but_a_composed_one_does()
    {
        Assert.Null(PromptPlan.Weighted("a", "b", 5, guided: false).At(0).Negative);
        Assert.Null(PromptPlan.Plain("a", null, 5).At(0).Negative);
        Assert.NotNull(PromptPlan.Weighted("a AND c", "b", 5, guided: false).At(0).Negative);
        Assert.NotNull(PromptPlan.Weighted("a :1.5", "b", 5, guided: false).At(0).Negative);
    }

    [Fact]
    public void Lanes_are_bounded_whatever_the_prompt_says()
    {
        var plan = PromptPlan.Weighted(string.Join(" AND ", Enumerable.Range(0, 700)), "", 5);
        Assert.Equal(PromptPlan.MaxParts, plan.At(0).Parts.Count);
        Assert.Equal(PromptPlan.MaxParts + 1, plan.Lanes);
    }

    [Fact]
    public void A_plan_can_be_stored()
    {
        var plan = PromptPlan.Weighted("[a|b] :1.2 AND c", "[d:0.5]", 7);
        var read = JsonSerializer.Deserialize<PromptPlan>(JsonSerializer.Serialize(plan))!;
        Assert.Equal(plan.Texts, read.Texts);
        Assert.Equal(plan.Ranges.Count, read.Ranges.Count);
        Assert.All(plan.Ranges.Zip(read.Ranges), pair => Assert.True(pair.First.End == pair.Second.End && pair.First.ReadsAs(pair.Second)));
    }

    [Fact]
    public void Asking_for_a_step_allocates_nothing()
    {
        var plan = PromptPlan.Weighted("[a|b] AND [c:d:7]", "", 30);
        plan.At(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 30; step++) plan.At(step);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}

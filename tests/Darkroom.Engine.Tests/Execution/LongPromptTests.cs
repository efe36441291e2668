using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Stages;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Tests.Execution;

public sealed class LongPromptTests
{
    /// <summary>Every chunk of it differs from the others.</summary>
    private static readonly string Prompt = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i:00000}, ")) + "end";

    private static readonly GenerationRequest Long = Requests.Plain with { Prompt = Prompt, Steps = 8, GuidanceScale = 1 };

    [Fact]
    public async Task Long_prompt_is_encoded_in_calls_of_a_bounded_number_of_chunks()
    {
        using var engine = Engine();
        var job = await engine.SubmitAsync(Long);
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(job.Id));
        Assert.InRange(engine.Model.TextCalls.Max(), 1, EncodeText.MaxChunks);
        Assert.Equal(EncodedChunks(Prompt), engine.Model.Encoded);
    }

    [Fact]
    public async Task Equal_chunks_of_a_prompt_are_encoded_once()
    {
        using var engine = Engine();
        await engine.SubmitAsync(Long with { Prompt = string.Concat(Enumerable.Repeat("a mouse ", 400)), NegativePrompt = "a mouse a fox", GuidanceScale = 3 });
        await engine.RunAsync();
        Assert.Equal(3, engine.Model.Encoded); // the phrase, the rest of the negative prompt, and what fills up behind it
    }

    [Fact]
    public async Task Pictures_of_a_job_share_what_their_prompt_became()
    {
        using var engine = Engine();
        var job = await engine.SubmitAsync(Long with { Count = 4 });
        await engine.RunAsync();
        Assert.Equal(4, (await engine.HashesAsync(job.Id)).Distinct().Count());
        Assert.Equal(EncodedChunks(Prompt), engine.Model.Encoded);
    }

    [Fact]
    public async Task Small_job_passes_between_the_calls_of_a_long_prompt()
    {
        using var engine = Engine();
        await engine.SubmitAsync(Requests.Plain with { Steps = 20, Seed = 9 });
        await engine.RunAsync(); // by now it is known what a step costs, and so which job is shorter
        int before = engine.Model.Encoded;
        await engine.SubmitAsync(Long with { Steps = 150 });
        while (engine.Model.Encoded == before) await engine.TickAsync();
        var small = await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.High });
        int encoded = 0; // when the small job made its last step, the only one of two lanes
        engine.Model.Before = rows => encoded = rows.Length == 2 ? engine.Model.Encoded : encoded;
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(small.Id));
        Assert.InRange(encoded - before, 1, EncodedChunks(Prompt) - 1);
    }

    [Fact]
    public async Task Cancelled_prompt_makes_no_further_call()
    {
        using var engine = Engine();
        var job = await engine.SubmitAsync(Long);
        while (engine.Model.TextCalls.Count < 3) await engine.TickAsync();
        int calls = engine.Model.TextCalls.Count;
        await engine.Queue.CancelAsync(job.Id, TestContext.Current.CancellationToken);
        await engine.RunAsync();
        Assert.Equal((calls, 0), (engine.Model.TextCalls.Count, engine.Model.Calls.Count));
    }

    [Fact]
    public async Task Picture_is_the_same_however_its_chunks_shared_calls()
    {
        var weighted = Long with { Prompt = "(" + Prompt, Seed = 5 };
        using var alone = Engine();
        var single = await alone.SubmitAsync(weighted);
        await alone.RunAsync();
        using var company = Engine();
        await company.SubmitAsync(Long with { Prompt = Prompt[8..], ClipSkip = 0 });
        var shared = await company.SubmitAsync(weighted);
        await company.RunAsync();
        Assert.Equal(await alone.HashesAsync(single.Id), await company.HashesAsync(shared.Id));
    }

    [Fact]
    public async Task Chunks_that_do_not_fit_in_memory_together_go_on_in_smaller_calls()
    {
        using var engine = Engine();
        engine.Model.BeforeText = chunks =>
        {
            if (chunks > 5) throw ScriptedModel.Refusal(GraphFault.OutOfMemory);
        };
        var job = await engine.SubmitAsync(Long);
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(job.Id));
        Assert.InRange(engine.Model.TextCalls.Max(), 1, 5);
        Assert.Empty(engine.Model.Rebuilt);
    }

    private static EngineHarness Engine() => new(new ScriptedModel { ReadsChunks = true });

    private static int EncodedChunks(string text) => text.Length / 8 + 1;
}

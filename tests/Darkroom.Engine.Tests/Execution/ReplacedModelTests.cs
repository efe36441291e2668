using Darkroom.Engine.Jobs;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>A model whose files are replaced while rows work with it.</summary>
public sealed class ReplacedModelTests
{
    [Fact]
    public async Task Rows_of_the_old_files_share_no_call_with_those_of_the_new_ones()
    {
        GenerationRequest[] requests = [Requests.Plain with { Prompt = "a fox", Steps = 12 }, Requests.Plain with { Prompt = "a hare", Steps = 6, Seed = 7 }];
        using var engine = new EngineHarness();
        var old = await engine.SubmitAsync(requests[0]);
        for (int i = 0; i < 5; i++) await engine.TickAsync();
        engine.Replacement = Other();
        var fresh = await engine.SubmitAsync(requests[1]);
        await engine.RunAsync();
        int lanes = engine.Model.Calls[0];
        Assert.Equal(Enumerable.Repeat(lanes, 12), engine.Model.Calls);
        Assert.Equal(Enumerable.Repeat(lanes, 6), engine.Replacement.Calls);

        using var before = new EngineHarness();
        using var after = new EngineHarness(Other());
        foreach (var (alone, request, together) in ((EngineHarness, GenerationRequest, Job)[])[(before, requests[0], old), (after, requests[1], fresh)])
        {
            var job = await alone.SubmitAsync(request);
            await alone.RunAsync();
            Assert.Equal(await alone.HashesAsync(job.Id), await engine.HashesAsync(together.Id));
        }
    }

    /// <summary>The same network with other weights.</summary>
    private static ScriptedModel Other() => new()
    {
        ContentHash = "fedcba9876543210",
        After = row =>
        {
            for (int i = 0; i < row.Output.Length; i++) row.Output.Span[i] *= 0.5f;
        },
        Answered = (_, values) =>
        {
            for (int i = 0; i < values.Length; i++) values[i] *= 0.75f;
        },
    };
}

using Darkroom.Engine.Jobs;
using Darkroom.Models.Sessions;

namespace Darkroom.Engine.Tests.Execution;

public sealed class RecoveryTests
{
    [Fact]
    public async Task Managed_heap_at_its_limit_fails_that_job_as_out_of_memory_and_no_other()
    {
        bool full = true;
        var model = new ScriptedModel();
        model.Before = _ =>
        {
            if (full) throw new OutOfMemoryException();
        };
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain);
        await engine.RunAsync();
        Assert.Equal(JobFailure.NoMemory, (await engine.JobAsync(bad.Id)).Failure);
        full = false;
        var good = await engine.SubmitAsync(Requests.Plain);
        await engine.RunAsync();
        Assert.Equal(JobState.Succeeded, (await engine.JobAsync(good.Id)).State);
    }

    [Fact]
    public async Task Call_that_is_out_of_memory_goes_on_in_halves_and_the_size_that_fits_is_remembered()
    {
        var model = new ScriptedModel();
        model.Before = rows =>
        {
            if (rows.Length > 4) throw ScriptedModel.Refusal(GraphFault.OutOfMemory);
        };
        using var engine = new EngineHarness(model);
        var jobs = new List<Job>();
        for (int i = 0; i < 7; i++) jobs.Add(await engine.SubmitAsync(Requests.Plain with { Seed = i, Steps = 6 }));
        await engine.RunAsync();

        for (int i = 0; i < jobs.Count; i++) Assert.Equal(await AloneAsync(i), await engine.HashesAsync(jobs[i].Id));
        Assert.True(model.Shrunk > 0);
        Assert.Empty(model.Rebuilt);
        int refused = model.Shrunk;
        await engine.SubmitAsync(Requests.Plain with { Count = 8 });
        await engine.RunAsync();
        Assert.Equal(refused, model.Shrunk); // nobody had to find out again
    }

    [Fact]
    public async Task Picture_that_does_not_fit_alone_on_a_new_session_fails_with_its_reason_and_its_neighbours_do_not()
    {
        var model = new ScriptedModel();
        model.Before = rows => ThrowAt(rows, GraphFault.OutOfMemory);
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        var good = await engine.SubmitAsync(Requests.Plain with { Seed = 3, Steps = 6 });
        await engine.RunAsync();
        var failure = (await engine.JobAsync(bad.Id)).Failure!;
        Assert.Equal(JobFailureKind.OutOfMemory, failure.Kind);
        Assert.Contains("scripted refusal", failure.Detail, StringComparison.Ordinal);
        Assert.Equal(["denoiser"], model.Rebuilt);
        Assert.Equal(await AloneAsync(3), await engine.HashesAsync(good.Id));
    }

    [Fact]
    public async Task Dead_session_is_replaced_and_each_row_is_tried_once_alone()
    {
        var model = new ScriptedModel();
        model.Before = rows => ThrowAt(rows, GraphFault.Dead);
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        var jobs = new List<Job>();
        for (int i = 0; i < 3; i++) jobs.Add(await engine.SubmitAsync(Requests.Plain with { Seed = i, Steps = 6 }));
        await engine.RunAsync();
        Assert.Equal(JobFailureKind.DeviceFailed, (await engine.JobAsync(bad.Id)).Failure!.Kind);
        for (int i = 0; i < jobs.Count; i++) Assert.Equal(await AloneAsync(i), await engine.HashesAsync(jobs[i].Id));
        // Once after the shared call, once after the guilty row's own: the next row finds a session that lives.
        Assert.Equal(["denoiser", "denoiser"], model.Rebuilt);
    }

    [Fact]
    public async Task Session_that_dies_once_harms_nobody()
    {
        var model = new ScriptedModel();
        int calls = 0;
        model.Before = _ =>
        {
            if (Interlocked.Increment(ref calls) == 3) throw ScriptedModel.Refusal(GraphFault.Dead);
        };
        using var engine = new EngineHarness(model);
        var jobs = new List<Job>();
        for (int i = 0; i < 3; i++) jobs.Add(await engine.SubmitAsync(Requests.Plain with { Seed = i, Steps = 6 }));
        await engine.RunAsync();
        for (int i = 0; i < jobs.Count; i++) Assert.Equal(await AloneAsync(i), await engine.HashesAsync(jobs[i].Id));
        Assert.Single(model.Rebuilt);
    }

    [Fact]
    public async Task Row_that_ran_out_of_memory_alone_teaches_nothing_about_larger_batches()
    {
        var model = new ScriptedModel();
        model.Before = rows => ThrowAt(rows, GraphFault.OutOfMemory);
        using var engine = new EngineHarness(model);
        await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        for (int i = 0; i < 4; i++) await engine.SubmitAsync(Requests.Plain with { Seed = i });
        await engine.RunAsync();
        model.Calls.Clear();
        await engine.SubmitAsync(Requests.Plain with { Count = 5 });
        await engine.RunAsync();
        Assert.All(model.Calls, rows => Assert.Equal(10, rows)); // five guidance pairs
    }

    [Fact]
    public async Task Size_that_ran_out_of_memory_once_is_tried_again_when_smaller_calls_went_well()
    {
        bool full = true;
        var model = new ScriptedModel();
        model.Before = rows =>
        {
            if (full && rows.Length > 4) throw ScriptedModel.Refusal(GraphFault.OutOfMemory);
        };
        using var engine = new EngineHarness(model);
        await engine.SubmitAsync(Requests.Plain with { Count = 4 });
        await engine.RunAsync();
        full = false; // what took the memory is gone
        for (int i = 0; i < 6; i++)
        {
            await engine.SubmitAsync(Requests.Plain with { Count = 4, Steps = 20 });
            await engine.RunAsync();
        }
        Assert.Equal(8, model.Calls[^1]);
    }

    [Theory]
    [InlineData(GraphFault.OutOfMemory, JobFailureKind.OutOfMemory)]
    [InlineData(GraphFault.Dead, JobFailureKind.DeviceFailed)]
    public async Task Session_that_cannot_be_replaced_fails_the_guilty_row_alone(GraphFault fault, JobFailureKind kind)
    {
        var model = new ScriptedModel { BeforeRebuild = () => throw ScriptedModel.Refusal() };
        model.Before = rows => ThrowAt(rows, fault);
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty });
        var good = await engine.SubmitAsync(Requests.Plain with { Seed = 3, Steps = 6 });
        await engine.RunAsync();
        Assert.Equal(kind, (await engine.JobAsync(bad.Id)).Failure!.Kind);
        Assert.Equal(await AloneAsync(3), await engine.HashesAsync(good.Id));
    }

    [Theory]
    [InlineData("decoder", float.NaN)]
    [InlineData("decoder", float.PositiveInfinity)]
    [InlineData("text_encoder", float.NaN)]
    [InlineData("text_encoder", float.NegativeInfinity)]
    public async Task Answer_of_any_part_that_is_not_finite_fails_its_row_and_no_picture_is_made_of_it(string part, float value)
    {
        var model = new ScriptedModel();
        int guilty = 0;
        model.Answered = (name, values) =>
        {
            if (name != part) return;
            // The text of 60 signs; the decoder is given the rows in their order.
            if (name == "text_encoder" ? values[0] > 0.5f : Interlocked.Increment(ref guilty) == 1) values[^1] = value;
        };
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = Guilty, Steps = 6 });
        var good = await engine.SubmitAsync(Requests.Plain with { Seed = 3, Steps = 6 });
        await engine.RunAsync();
        Assert.Equal(JobFailureKind.NonFinite, (await engine.JobAsync(bad.Id)).Failure?.Kind);
        Assert.Equal(await AloneAsync(3), await engine.HashesAsync(good.Id));
    }

    private static string Guilty { get; } = new('x', 60);

    private static void ThrowAt(ReadOnlyMemory<Models.Families.DenoiserRow> rows, GraphFault fault)
    {
        foreach (var row in rows.Span)
            if (row.Conditioning.Tensors[0].Values[0] > 0.5f) throw ScriptedModel.Refusal(fault); // the text of 60 signs
    }

    private static async Task<string[]> AloneAsync(int seed)
    {
        using var alone = new EngineHarness();
        var job = await alone.SubmitAsync(Requests.Plain with { Seed = seed, Steps = 6 });
        await alone.RunAsync();
        return await alone.HashesAsync(job.Id);
    }
}

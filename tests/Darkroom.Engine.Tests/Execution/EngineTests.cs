using Darkroom.Diffusion.Guidance;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Execution;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Stages;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Execution;

public sealed class EngineTests
{
    private static readonly string[] Samplers = [.. SamplerCatalog.All.Where(one => one.DiffusersClass is not null || one.KDiffusion is not null)
        .Select(one => one.Name)];

    [Fact]
    public async Task Strangers_of_every_sampler_share_steps_and_each_gets_the_picture_it_gets_alone()
    {
        var requests = Samplers.Select((sampler, i) => Requests.Plain with
        {
            Sampler = sampler,
            Prompt = $"prompt {i}",
            Seed = 100 + i,
            Steps = 3 + i % 5,
            GuidanceScale = i % 4 == 0 ? 1 : 2 + i % 3,
            GuidanceInterval = i % 3 == 0 ? new GuidanceInterval(0.2, 0.7) : GuidanceInterval.Whole,
            GuidanceRescale = i % 5 == 0 ? 0.7 : 0,
        }).ToArray();

        using var together = new EngineHarness(options: new EngineOptions { MaxBatch = 8, Target = SchedulingTarget.Throughput });
        var jobs = new List<Job>();
        foreach (var request in requests) jobs.Add(await together.SubmitAsync(request));
        await together.RunAsync();
        Assert.Contains(together.Model.Calls, rows => rows > 2);

        for (int i = 0; i < requests.Length; i++)
        {
            using var alone = new EngineHarness();
            var job = await alone.SubmitAsync(requests[i]);
            await alone.RunAsync();
            Assert.Equal(await alone.HashesAsync(job.Id), await together.HashesAsync(jobs[i].Id));
        }
    }

    [Fact]
    public async Task Picture_i_of_a_job_is_the_picture_of_seed_plus_i()
    {
        using var engine = new EngineHarness();
        var three = await engine.SubmitAsync(Requests.Plain with { Count = 3, Metadata = false });
        var third = await engine.SubmitAsync(Requests.Plain with { Seed = Requests.Plain.Seed + 2, Metadata = false });
        await engine.RunAsync();
        Assert.Equal((await engine.HashesAsync(three.Id))[2], (await engine.HashesAsync(third.Id))[0]);
        Assert.Equal([42, 43, 44], (await engine.JobAsync(three.Id)).Result!.Images.Select(image => image.Seed));
    }

    [Fact]
    public async Task Cancelled_row_leaves_at_the_next_step_and_its_neighbour_goes_on()
    {
        using var engine = new EngineHarness();
        var cancelled = await engine.SubmitAsync(Requests.Plain with { Steps = 20 });
        var other = await engine.SubmitAsync(Requests.Plain with { Steps = 6, Seed = 1 });
        for (int tick = 0; tick < 4; tick++) await engine.TickAsync();
        Assert.Equal(4, engine.Model.Calls[^1]);

        await engine.Queue.CancelAsync(cancelled.Id, TestContext.Current.CancellationToken);
        await engine.TickAsync();

        Assert.Equal(2, engine.Model.Calls[^1]);
        Assert.Equal(JobState.Cancelled, (await engine.JobAsync(cancelled.Id)).State);
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(other.Id));
    }

    [Fact]
    public async Task Job_that_is_finished_early_gives_its_pictures_as_they_stand_and_says_so()
    {
        using var engine = new EngineHarness();
        var early = await engine.SubmitAsync(Requests.Plain with { Steps = 20, Count = 2 });
        for (int tick = 0; tick < 4; tick++) await engine.TickAsync();
        Assert.IsType<CommitOutcome.Committed>(await engine.Queue.FinishEarlyAsync(early.Id, PictureSet.Of(1), TestContext.Current.CancellationToken));
        await engine.TickAsync();
        Assert.Equal(JobState.Running, (await engine.JobAsync(early.Id)).State);
        int calls = engine.Model.Calls.Count;
        Assert.IsType<CommitOutcome.Committed>(await engine.Queue.FinishEarlyAsync(early.Id, PictureSet.All, TestContext.Current.CancellationToken));
        await engine.RunAsync();
        Assert.InRange(engine.Model.Calls.Count - calls, 1, 2); // the step that it was at
        var job = await engine.JobAsync(early.Id);
        Assert.Equal(2, (await engine.HashesAsync(early.Id)).Length);
        Assert.Equal((1.0, 2), (job.Progress.Share, job.Result!.Warnings.Count(text => text.Contains("was finished early, after"))));
        Assert.IsType<CommitOutcome.NotApplicable>(await engine.Queue.FinishEarlyAsync(early.Id, PictureSet.All, TestContext.Current.CancellationToken));

        using var other = new EngineHarness();
        var whole = await other.SubmitAsync(Requests.Plain with { Steps = 20, Count = 2 });
        await other.RunAsync();
        Assert.NotEqual(await other.HashesAsync(whole.Id), await engine.HashesAsync(early.Id));
    }

    [Fact]
    public async Task Row_that_becomes_not_a_number_fails_alone()
    {
        var model = new ScriptedModel();
        model.After = row =>
        {
            if (row.Conditioning.Tensors[0].Values[0] > 0.5f) row.Output.Span[3] = float.NaN; // the text of 60 signs
        };
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = new string('x', 60) });
        var good = await engine.SubmitAsync(Requests.Plain);
        await engine.RunAsync();
        Assert.Equal(JobFailureKind.NonFinite, (await engine.JobAsync(bad.Id)).Failure!.Kind);
        Assert.Single(await engine.HashesAsync(good.Id));
    }

    [Fact]
    public async Task Graph_that_refuses_a_batch_is_tried_row_by_row_and_only_the_guilty_fails()
    {
        var model = new ScriptedModel();
        model.Before = rows =>
        {
            foreach (var row in rows.Span)
                if (row.Conditioning.Tensors[0].Values[0] > 0.5f) throw ScriptedModel.Refusal();
        };
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { Prompt = new string('x', 60) });
        var good = await engine.SubmitAsync(Requests.Plain with { Seed = 5 });
        await engine.RunAsync();
        var failure = (await engine.JobAsync(bad.Id)).Failure!;
        Assert.Equal(JobFailureKind.GraphMismatch, failure.Kind);
        Assert.Contains("scripted refusal", failure.Detail, StringComparison.Ordinal);

        using var alone = new EngineHarness();
        var same = await alone.SubmitAsync(Requests.Plain with { Seed = 5 });
        await alone.RunAsync();
        Assert.Equal(await alone.HashesAsync(same.Id), await engine.HashesAsync(good.Id));
    }

    [Fact]
    public async Task Graph_with_one_timestep_shares_calls_of_equal_timesteps_only()
    {
        var model = new ScriptedModel { TimestepPerRow = false };
        using var engine = new EngineHarness(model);
        await engine.SubmitAsync(Requests.Plain);
        await engine.SubmitAsync(Requests.Plain with { Seed = 7 });
        await engine.SubmitAsync(Requests.Plain with { Steps = 3 });
        await engine.RunAsync();
        Assert.All(model.Timesteps, call => Assert.Single(call.Distinct()));
        Assert.Contains(4, model.Calls);
    }

    [Fact]
    public async Task More_text_layers_left_out_than_the_opened_model_has_fail_the_job_alone()
    {
        var model = new ScriptedModel { Description = new ScriptedModel().Description with { Capabilities = new() { MaxClipSkip = 2 } } };
        using var engine = new EngineHarness(model);
        var bad = await engine.SubmitAsync(Requests.Plain with { ClipSkip = 3 });
        var good = await engine.SubmitAsync(Requests.Plain with { ClipSkip = 2 });
        await engine.RunAsync();
        var failure = (await engine.JobAsync(bad.Id)).Failure!;
        Assert.Equal(JobFailureKind.GraphMismatch, failure.Kind);
        Assert.Contains("clip_skip 3 is more than", failure.Detail, StringComparison.Ordinal);
        Assert.Null((await engine.JobAsync(good.Id)).Failure);
    }

    [Theory]
    [InlineData(Compatibility.Diffusers, "0 2")]
    [InlineData(Compatibility.A1111, "2 2")]
    public void Text_layers_are_left_out_where_the_compatible_program_leaves_them_out(Compatibility compatibility, string skips)
    {
        var texts = RowTexts.Of(Requests.Plain with { ClipSkip = 2, NegativePrompt = "n", Compatibility = compatibility }, new ScriptedModel(), 32, 32);
        Assert.Equal(skips, string.Join(' ', texts.ReadAt(0).Select(text => text.Encoders[0].ClipSkip)));
    }

    [Fact]
    public async Task Text_that_several_rows_read_is_encoded_once()
    {
        using var engine = new EngineHarness();
        await engine.SubmitAsync(Requests.Plain with { Count = 3 });
        await engine.SubmitAsync(Requests.Plain with { Prompt = "other", Seed = 9 });
        await engine.RunAsync();
        Assert.Equal(3, engine.Model.Encoded); // two prompts and one negative prompt, for four rows
    }

    [Fact]
    public async Task Unguided_steps_run_one_lane()
    {
        using var engine = new EngineHarness();
        await engine.SubmitAsync(Requests.Plain with { Steps = 10, GuidanceInterval = new GuidanceInterval(0.2, 0.5) });
        await engine.RunAsync();
        Assert.Equal("1, 1, 2, 2, 2, 1, 1, 1, 1, 1", string.Join(", ", engine.Model.Calls));
    }

    [Fact]
    public async Task Job_past_its_deadline_expires_without_touching_the_device_again()
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Requests.Plain with { Deadline = 5, Steps = 20 });
        await engine.TickAsync();
        await engine.TickAsync();
        int calls = engine.Model.Calls.Count;
        engine.Clock.Move(TimeSpan.FromSeconds(6));
        await engine.TickAsync();
        Assert.Equal(JobState.Expired, (await engine.JobAsync(job.Id)).State);
        Assert.Equal(calls, engine.Model.Calls.Count);
        Assert.Empty(engine.Active.Jobs);
    }

    [Fact]
    public async Task Job_that_expired_while_it_waited_never_touches_the_device()
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Requests.Plain with { Deadline = 5 });
        engine.Clock.Move(TimeSpan.FromSeconds(6));
        await engine.TickAsync();
        Assert.Equal(JobState.Expired, (await engine.JobAsync(job.Id)).State);
        Assert.Equal((0, 0), (engine.Active.Jobs.Count, engine.Active.Rows.Count));
        Assert.Empty(engine.Model.Calls);
    }

    [Fact]
    public async Task Higher_priority_is_claimed_first_and_equal_ones_in_order()
    {
        using var engine = new EngineHarness(options: new EngineOptions { MaxBatch = 1 });
        var low = await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.Low });
        var normal = await engine.SubmitAsync(Requests.Plain);
        var second = await engine.SubmitAsync(Requests.Plain);
        var high = await engine.SubmitAsync(Requests.Plain with { Priority = JobPriority.High });
        var order = new List<string>();
        engine.Model.Before = rows =>
        {
            foreach (var job in new[] { low, normal, second, high })
                if (!order.Contains(job.Id) && engine.JobAsync(job.Id).GetAwaiter().GetResult().State == JobState.Running) order.Add(job.Id);
        };
        await engine.RunAsync();
        Assert.Equal(new[] { high, normal, second, low }.Select(job => job.Id), order);
        Assert.All(engine.Model.Calls, rows => Assert.True(rows <= 2));
    }

    [Fact]
    public async Task Full_queue_refuses_and_says_so()
    {
        using var engine = new EngineHarness(options: new EngineOptions { MaxQueued = 2 });
        await engine.SubmitAsync(Requests.Plain);
        await engine.SubmitAsync(Requests.Plain);
        var refused = await engine.Queue.SubmitAsync(Requests.Plain, [], TestContext.Current.CancellationToken);
        Assert.Equal(2, Assert.IsType<Admission.QueueFull>(refused).Limit);
    }

    [Fact]
    public async Task Picture_beyond_the_machine_is_refused_before_it_is_queued()
    {
        var model = new ScriptedModel { Description = new ScriptedModel().Description with { MaxSize = 2048 } };
        using var engine = new EngineHarness(model, new EngineOptions { MemoryLimitMiB = 64 });
        var refused = await engine.Queue.SubmitAsync(Requests.Plain with { Width = 2048, Height = 2048 }, [], TestContext.Current.CancellationToken);
        Assert.True(Assert.IsType<Admission.TooLarge>(refused).EstimatedBytes > 64 << 20);
        Assert.Equal(0, await engine.Store.CountQueuedAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Prompts_that_multiply_the_work_count_for_what_a_picture_needs()
    {
        var model = new ScriptedModel { Description = new ScriptedModel().Description with { MaxSize = 512, TextWidth = 768 } };
        using var engine = new EngineHarness(model, new EngineOptions { MemoryLimitMiB = 8192 });
        var request = Requests.Plain with { Width = 512, Height = 512, PromptStyle = PromptStyle.Weighted };
        foreach (string prompt in (string[])["fox", "a fox AND a (dog:1.3) AND [cat:mouse:0.5]", string.Concat(Enumerable.Repeat("word ", 800))])
            Assert.IsType<Admission.Accepted>(await engine.Queue.SubmitAsync(request with { Prompt = prompt }, [], TestContext.Current.CancellationToken));
        foreach (string prompt in (string[])[string.Concat(Enumerable.Repeat("a AND ", 600)), string.Concat(Enumerable.Repeat("BREAK ", 600))])
            Assert.IsType<Admission.TooLarge>(await engine.Queue.SubmitAsync(request with { Prompt = prompt }, [], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task More_parts_than_are_read_as_such_are_warned_of()
    {
        using var engine = new EngineHarness();
        var request = Requests.Plain with { PromptStyle = PromptStyle.Weighted };
        var few = await engine.SubmitAsync(request with { Prompt = string.Join(" AND ", Enumerable.Repeat("a", 16)) });
        var many = await engine.SubmitAsync(request with { Prompt = string.Join(" AND ", Enumerable.Repeat("a", 20)) });
        await engine.RunAsync();
        Assert.Empty((await engine.JobAsync(few.Id)).Result!.Warnings);
        Assert.StartsWith("prompt has 20 parts", Assert.Single((await engine.JobAsync(many.Id)).Result!.Warnings));
    }

    [Fact]
    public async Task Events_tell_the_whole_way_and_end_with_the_job()
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Requests.Plain);
        var kinds = new List<JobEventKind>();
        var reading = Task.Run(async () =>
        {
            await foreach (var one in engine.Queue.EventsAsync(job.Id, 0, TestContext.Current.CancellationToken)) kinds.Add(one.Kind);
        }, TestContext.Current.CancellationToken);
        await engine.RunAsync();
        await reading.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal(JobEventKind.Succeeded, kinds[^1]);
        Assert.Equal(kinds.Distinct().Count(), kinds.Where(kind => kind != JobEventKind.Progress).Count() + (kinds.Contains(JobEventKind.Progress) ? 1 : 0));
    }

    [Fact]
    public async Task Stopping_engine_refuses_new_jobs_and_finishes_those_in_flight()
    {
        using var engine = new EngineHarness();
        var running = await engine.SubmitAsync(Requests.Plain);
        await engine.TickAsync();
        engine.Lifetime.Stop();
        Assert.IsType<Admission.ShuttingDown>(await engine.Queue.SubmitAsync(Requests.Plain, [], TestContext.Current.CancellationToken));
        while (engine.Active.Jobs.Count > 0)
            if (!await engine.TickAsync(claim: false) && engine.Active.Jobs.Count > 0)
                await engine.Signal.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Single(await engine.HashesAsync(running.Id));
    }
}

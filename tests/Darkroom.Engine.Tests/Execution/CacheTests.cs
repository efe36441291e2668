using System.Text.Json;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Scheduling;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>Calls of the denoiser that a row leaves out.</summary>
public sealed class CacheTests
{
    private static readonly GenerationRequest Plain = Requests.Plain with { Steps = 20, Metadata = false };

    public static TheoryData<string> Samplers => [.. SamplerCatalog.All.Where(one => one.CanBlend && (one.DiffusersClass ?? one.KDiffusion) is not null)
        .Select(one => one.Name)];

    [Fact]
    public async Task Calls_that_are_left_out_are_not_made_and_both_rows_of_guidance_go_together()
    {
        var (whole, picture) = await AloneAsync(Plain);
        var (cached, other) = await AloneAsync(Cached(Plain, 0.3));
        Assert.Equal(20, whole.Count);
        Assert.InRange(cached.Count, 6, 17);
        Assert.All(cached, rows => Assert.Equal(2, rows));
        Assert.NotEqual(picture, other);
    }

    [Fact]
    public async Task Higher_threshold_leaves_out_no_fewer()
    {
        int before = int.MaxValue;
        foreach (double threshold in (double[])[0, 0.02, 0.1, 0.3, 1])
        {
            int calls = (await AloneAsync(Cached(Plain, threshold))).Calls.Count;
            Assert.True(calls <= before, $"{calls} calls at {threshold}, {before} before");
            before = calls;
        }
        Assert.InRange(before, 4, 8); // the first three and the last are always made
    }

    [Theory]
    [MemberData(nameof(Samplers))]
    public async Task Threshold_zero_gives_the_picture_without_a_cache(string sampler)
    {
        var request = Plain with { Sampler = sampler, Steps = 6 };
        var (whole, picture) = await AloneAsync(request);
        var (cached, same) = await AloneAsync(Cached(request, 0));
        Assert.Equal(whole, cached);
        Assert.Equal(picture, same);
    }

    [Fact]
    public async Task Rows_with_and_without_share_calls_and_each_gets_the_picture_it_gets_alone()
    {
        var requests = Samplers.Select((sampler, i) =>
        {
            var request = Plain with { Sampler = sampler.Data, Prompt = $"prompt {i}", Seed = 100 + i, Steps = 6 + i % 7, GuidanceScale = i % 4 == 0 ? 1 : 3 };
            return i % 3 == 0 ? request : Cached(request, 0.1 * (i % 5));
        }).ToArray();
        using var together = new EngineHarness(options: new EngineOptions { MaxBatch = 8, Target = SchedulingTarget.Throughput });
        var jobs = new List<Job>();
        foreach (var request in requests) jobs.Add(await together.SubmitAsync(request));
        await together.RunAsync();
        Assert.Contains(together.Model.Calls, rows => rows > 4);

        int left = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            var (calls, picture) = await AloneAsync(requests[i]);
            Assert.Equal(picture, Assert.Single(await together.HashesAsync(jobs[i].Id)));
            left += (await AloneAsync(requests[i] with { Cache = null })).Calls.Count - calls.Count;
        }
        Assert.True(left > 20, $"{left} calls were left out over all samplers.");
    }

    [Fact]
    public async Task Pictures_of_a_job_leave_out_calls_each_for_itself()
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Cached(Plain, 0.2) with { Count = 3 });
        await engine.RunAsync();
        string[] pictures = await engine.HashesAsync(job.Id);
        for (int i = 0; i < 3; i++) Assert.Equal((await AloneAsync(Cached(Plain, 0.2) with { Seed = Plain.Seed + i })).Picture, pictures[i]);
    }

    [Fact]
    public async Task Calls_after_the_prompt_or_the_guidance_changed_are_made()
    {
        var request = Cached(Plain, 1) with { PromptStyle = PromptStyle.Weighted };
        double[] all = await TimestepsAsync(request with { Cache = null }), still = await TimestepsAsync(request);
        double[] change = all[10..12]; // a new rate takes two
        Assert.NotEmpty(change.Except(still));
        Assert.Empty(change.Except(await TimestepsAsync(request with { Prompt = "a [red:blue:0.5] fox" })));
        Assert.Empty(change.Except(await TimestepsAsync(request with { GuidanceInterval = new(0, 0.5) })));
        Assert.Empty(change.Except(await TimestepsAsync(request with { Prompt = "a fox AND a [red:blue:0.5] sky" })));
        Assert.Empty(change.Except(await TimestepsAsync(request with { Prompt = "a fox AND a sky", GuidanceInterval = new(0, 0.5) })));
    }

    [Fact]
    public async Task Both_passes_of_a_picture_leave_out_calls()
    {
        var request = Plain with { Hires = new HiresOrder { Width = 40, Height = 40, Steps = 20, Strength = 0.75 } };
        int whole = (await AloneAsync(request)).Calls.Count, once = (await AloneAsync(Plain)).Calls.Count;
        int cached = (await AloneAsync(Cached(request, 1))).Calls.Count, cachedOnce = (await AloneAsync(Cached(Plain, 1))).Calls.Count;
        Assert.Equal(15, whole - once);
        Assert.InRange(cached - cachedOnce, 4, 8);
    }

    [Fact]
    public async Task Step_of_two_calls_leaves_out_each_for_itself()
    {
        var (whole, _) = await AloneAsync(Plain with { Sampler = "heun" });
        var (cached, _) = await AloneAsync(Cached(Plain with { Sampler = "heun" }, 0.05));
        Assert.Equal(39, whole.Count);
        Assert.InRange(cached.Count, 9, 30);
    }

    [Fact]
    public async Task Progress_counts_steps_that_were_left_out()
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(Cached(Plain, 1));
        while (engine.Model.Calls.Count < 4) Assert.True(await engine.TickAsync());
        var row = Assert.Single(engine.Active.Rows);
        Assert.InRange(row.Progress.Step, 6, 19);
        await engine.RunAsync();
        Assert.Equal(JobState.Succeeded, (await engine.JobAsync(job.Id)).State);
    }

    [Fact]
    public async Task Request_that_was_kept_gives_the_same_picture()
    {
        var request = Cached(Plain, 0.2);
        var kept = JsonSerializer.Deserialize<GenerationRequest>(JsonSerializer.Serialize(request))!;
        Assert.Equal(request.Cache, kept.Cache);
        Assert.Equal((await AloneAsync(request)).Picture, (await AloneAsync(kept)).Picture);
    }

    private static GenerationRequest Cached(GenerationRequest request, double threshold) =>
        request with { Cache = new CacheOrder(CacheMethod.Easycache, threshold) };

    /// <summary>Where the denoiser is called.</summary>
    private static async Task<double[]> TimestepsAsync(GenerationRequest request)
    {
        using var engine = new EngineHarness();
        await engine.SubmitAsync(request);
        await engine.RunAsync();
        return [.. engine.Model.Timesteps.Select(call => call[0])];
    }

    /// <summary>Rows of each call of the denoiser, and the picture.</summary>
    private static async Task<(List<int> Calls, string Picture)> AloneAsync(GenerationRequest request)
    {
        using var engine = new EngineHarness();
        var job = await engine.SubmitAsync(request);
        await engine.RunAsync();
        return (engine.Model.Calls, Assert.Single(await engine.HashesAsync(job.Id)));
    }
}

using System.Text.Json;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Scheduling;
using Darkroom.Imaging;
using Darkroom.Imaging.Resize;

namespace Darkroom.Engine.Tests.Execution;

/// <summary>Tasks that look at a picture, on a scripted model: they share calls with pictures, and find what they find alone.</summary>
public sealed class LookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looks_share_calls_with_pictures_and_each_finds_what_it_finds_alone()
    {
        using var together = new EngineHarness(options: new EngineOptions { MaxBatch = 16, Target = SchedulingTarget.Throughput });
        together.Model.Before = _ => Thread.Sleep(1); // pictures are read meanwhile, and all four are there at once
        var jobs = new List<Job>();
        foreach (var request in Asked()) jobs.Add(await together.SubmitAsync(await WithPictureAsync(request, together)));
        await together.RunAsync();
        Assert.Contains(together.Model.Timesteps, rows => rows.Distinct().Count() > 3); // four tasks in one call

        for (int i = 0; i < jobs.Count; i++)
        {
            using var alone = new EngineHarness();
            var job = await alone.SubmitAsync(await WithPictureAsync(Asked()[i], alone));
            await alone.RunAsync();
            Assert.Equal(await FoundAsync(alone, job.Id), await FoundAsync(together, jobs[i].Id));
        }
    }

    [Fact]
    public async Task Measuring_answers_with_what_it_found_and_no_picture_and_lets_the_one_that_was_sent_go()
    {
        using var engine = new EngineHarness();
        var request = await WithPictureAsync(Classify(["a fox", "a dog", "a cat"]), engine);
        var job = await engine.SubmitAsync(request);
        await engine.RunAsync();
        var done = await engine.JobAsync(job.Id);
        Assert.Equal(JobState.Succeeded, done.State);
        Assert.Empty(done.Result!.Images);
        var found = done.Result.Finding!.Classification!;
        Assert.Equal(["a fox", "a dog", "a cat"], found.Candidates.Select(one => one.Candidate));
        Assert.Equal(found.Candidates[found.Best].Score, found.Candidates.Min(one => one.Score));
        Assert.Equal(1, found.Candidates.Sum(one => one.Probability), 1e-9);
        Assert.Equal(done.Progress.Steps, done.Progress.Step);
        Assert.Null(await engine.Inputs.FindAsync(request.Edit!.Picture.InputId, Cancellation));
    }

    [Fact]
    public async Task Cancelled_measurement_leaves_at_the_next_step_and_its_neighbour_goes_on()
    {
        using var engine = new EngineHarness();
        var measured = await engine.SubmitAsync(await WithPictureAsync(Classify(["a fox", "a dog", "a cat"]) with { Steps = 256 }, engine));
        var other = await engine.SubmitAsync(Requests.Plain with { Steps = 150 });
        engine.Model.Before = _ => Thread.Sleep(1);
        await TickUntilAsync(engine, () => engine.Model.Calls is [.., 5]); // three candidates beside two lanes

        await engine.Queue.CancelAsync(measured.Id, Cancellation);
        await engine.TickAsync();

        Assert.Equal(2, engine.Model.Calls[^1]);
        Assert.Equal(JobState.Cancelled, (await engine.JobAsync(measured.Id)).State);
        await engine.RunAsync();
        Assert.Single(await engine.HashesAsync(other.Id));
    }

    [Fact]
    public async Task Measurement_cannot_be_finished_early()
    {
        using var engine = new EngineHarness();
        var request = Requests.Plain with { Task = GenerationTask.Likelihood, Likelihood = new(1), Steps = 50 };
        var job = await engine.SubmitAsync(await WithPictureAsync(request, engine));
        await TickUntilAsync(engine, () => engine.Model.Calls.Count >= 3);
        Assert.IsType<CommitOutcome.NotApplicable>(await engine.Queue.FinishEarlyAsync(job.Id, PictureSet.All, Cancellation));
        await engine.RunAsync();
        Assert.NotNull((await engine.JobAsync(job.Id)).Result!.Finding!.Likelihood);
    }

    [Fact]
    public async Task Many_candidates_are_asked_a_few_at_a_time()
    {
        using var engine = new EngineHarness();
        var request = Classify([.. Enumerable.Range(0, 21).Select(i => $"thing {i}")]) with { Steps = 2 };
        var job = await engine.SubmitAsync(await WithPictureAsync(request, engine));
        await engine.RunAsync();
        Assert.Equal(21, (await engine.JobAsync(job.Id)).Result!.Finding!.Classification!.Candidates.Count);
        Assert.Equal([8, 8, 5, 8, 8, 5], engine.Model.Calls);
    }

    [Theory]
    [InlineData(null, "no noise was found")]
    [InlineData(0.0004, "a noise of less than")]
    public async Task Picture_without_noise_comes_back_as_it_was_sent_and_that_is_said(double? noise, string warned)
    {
        using var engine = new EngineHarness();
        var request = Requests.Plain with { Task = GenerationTask.Denoise, Denoise = new(noise, 1), GuidanceScale = 1, Metadata = false };
        var flat = new Picture(32, 32, 3, [.. Enumerable.Repeat((byte)90, 32 * 32 * 3)]);
        var job = await engine.SubmitAsync(await WithPictureAsync(request, engine, flat));
        await engine.RunAsync();
        var done = await engine.JobAsync(job.Id);
        Assert.Contains(done.Result!.Warnings, warning => warning.StartsWith(warned, StringComparison.Ordinal));
        Assert.Equal(noise ?? 0, done.Result.Finding!.Noise!.Noise);
        Assert.Empty(engine.Model.Calls);
    }

    [Fact]
    public async Task Noise_that_is_stronger_than_any_is_taken_for_the_strongest()
    {
        using var engine = new EngineHarness();
        engine.Model.Answered = (part, values) =>
        {
            if (part != "encoder") return;
            for (int i = 0; i < values.Length; i++) values[i] *= 1000;
        };
        var request = Requests.Plain with { Task = GenerationTask.Denoise, Denoise = new(1, 1), GuidanceScale = 1 };
        var job = await engine.SubmitAsync(await WithPictureAsync(request, engine));
        await engine.RunAsync();
        Assert.Contains((await engine.JobAsync(job.Id)).Result!.Warnings, warning => warning.StartsWith("the noise is stronger", StringComparison.Ordinal));
    }

    private static async Task TickUntilAsync(EngineHarness engine, Func<bool> isThere)
    {
        for (int ticks = 0; !isThere(); ticks++)
        {
            Assert.True(ticks < 2000, "It never came to that.");
            if (!await engine.TickAsync()) await Task.Delay(1, Cancellation);
        }
    }

    private static GenerationRequest[] Asked() =>
    [
        Requests.Plain with { Steps = 120 },
        Classify(["a fox", "a dog", "a cat", "a very long text of something else"]),
        Requests.Plain with { Task = GenerationTask.Likelihood, Likelihood = new(3), Steps = 40, GuidanceScale = 1, Prompt = "" },
        Requests.Plain with { Task = GenerationTask.Denoise, Denoise = new(0.2, 0.9), Steps = 60, GuidanceScale = 1 },
    ];

    private static GenerationRequest Classify(string[] candidates) => Requests.Plain with
    {
        Task = GenerationTask.Classify, Classify = new(candidates, false, null), Steps = 40, GuidanceScale = 1, Prompt = "",
    };

    private static async Task<GenerationRequest> WithPictureAsync(GenerationRequest request, EngineHarness engine, Picture? picture = null)
    {
        if (request.Task == GenerationTask.Txt2img) return request;
        picture ??= new Picture(32, 32, 3, [.. Enumerable.Range(0, 32 * 32 * 3).Select(i => (byte)(i * i % 251))]);
        string id = await engine.Inputs.SendAsync(PictureEncoder.Encode(picture, PictureFormat.Png, 90, null), Cancellation);
        return request with { Edit = new() { Picture = new(id, picture.Width, picture.Height), Strength = 1, Fit = ResizeMode.Stretch } };
    }

    private static async Task<string> FoundAsync(EngineHarness engine, string id)
    {
        var job = await engine.JobAsync(id);
        Assert.True(job.State == JobState.Succeeded, job.Failure?.Detail);
        return JsonSerializer.Serialize(job.Result!.Finding) + string.Join(",", await engine.HashesAsync(id));
    }
}

namespace Darkroom.Client.Tests;

/// <summary>Jobs that are followed, cancelled, finished early, found again and listed.</summary>
public sealed class JobTests(TestServer server)
{
    /// <summary>Work for some seconds.</summary>
    internal static Txt2ImgRequest Long => new() { Prompt = "a long job", Steps = 150, Count = 8, Seed = 5, Upscale = UpscaleStep.None };

    [Fact]
    public async Task A_job_tells_what_happens_until_its_end()
    {
        var job = await server.Client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 12, PreviewEvery = 3, Upscale = UpscaleStep.None });
        Assert.Equal(job.Id, job.Started?.Id);
        var events = new List<JobEvent>();
        await foreach (var happened in job.WatchAsync()) events.Add(happened);
        Assert.All(events, happened => Assert.Equal((job.Id, true), (happened.JobId, happened.Mark is { Length: > 0 })));
        Assert.IsType<JobQueued>(events[0]);
        Assert.Single(events.OfType<JobStarted>());
        Assert.NotEmpty(events.OfType<JobProgressed>());
        Assert.All(events.OfType<JobProgressed>(), progress => Assert.Equal(12, progress.Steps));
        var preview = events.OfType<JobPreview>().First();
        Assert.True(preview.Data.Length > 50 && preview.Format == PictureFormat.Png);
        Assert.Equal(job.Id, Assert.IsType<JobSucceeded>(events[^1]).Result.Id);
        Assert.Single(events, happened => happened.IsEnd);
    }

    [Fact]
    public async Task Reading_goes_on_after_a_mark()
    {
        var job = await server.Client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 4, Upscale = UpscaleStep.None });
        var all = await job.WatchAsync().ToListAsync();
        var rest = await server.Client.GetJob(job.Id).WatchAsync(all[0].Mark).ToListAsync();
        Assert.IsNotType<JobQueued>(rest[0]);
        Assert.IsType<JobSucceeded>(rest[^1]);
        // Who has seen the end is told it again, and nothing else.
        Assert.IsType<JobSucceeded>(Assert.Single(await job.WatchAsync(all[^1].Mark).ToListAsync()));
    }

    [Fact]
    public async Task A_job_is_found_again_by_its_id()
    {
        var started = await server.Client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 8, Upscale = UpscaleStep.None });
        using var another = server.NewClient();
        var job = another.GetJob(started.Id);
        var result = await another.DownloadImagesAsync(await job.WaitAsync());
        Assert.Equal(result.Images[0].Length, result.Images[0].Data!.Value.Length);
        var snapshot = await job.GetAsync();
        Assert.Equal((JobStatus.Succeeded, 1.0), (snapshot.Status, snapshot.Progress.Share));
    }

    [Fact]
    public async Task Cancelling_the_token_cancels_the_job()
    {
        using var leaving = new CancellationTokenSource();
        string? id = null;
        var watcher = new Reporter(happened =>
        {
            id = happened.JobId;
            if (happened is JobProgressed) leaving.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Client.GenerateAsync(Long, watcher, leaving.Token));
        await EndsAsync(id!, JobStatus.Cancelled);
    }

    [Fact]
    public async Task Cancelling_as_the_request_is_answered_leaves_no_job()
    {
        var before = await server.Client.ListJobsAsync(JobStatus.Running).CountAsync();
        for (int i = 0; i < 6; i++)
        {
            using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(1 + (i * 4)));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Client.GenerateAsync(Long with { Prompt = "leaves at once" }, leaving.Token));
        }
        var left = await server.Client.ListJobsAsync().Where(job => job.Parameters.As<Txt2ImgRequest>().Prompt == "leaves at once").ToListAsync();
        foreach (var job in left) await EndsAsync(job.Id, JobStatus.Cancelled);
    }

    [Fact]
    public async Task A_cancelled_job_is_an_exception_for_who_waits()
    {
        var job = await server.Client.StartAsync(Long);
        var waiting = job.WaitAsync();
        await job.CancelAsync();
        var fault = await Assert.ThrowsAsync<DarkroomJobException>(() => waiting);
        Assert.Equal((job.Id, JobStatus.Cancelled, ProblemTypes.JobCancelled), (fault.Id, fault.End, fault.ProblemType));
    }

    [Fact]
    public async Task A_deadline_that_passes_is_an_exception_of_its_own_kind()
    {
        var fault = await Assert.ThrowsAsync<DarkroomJobException>(() => server.Client.GenerateAsync(Long with { Deadline = 0.2 }));
        Assert.Equal((JobStatus.Expired, ProblemTypes.DeadlineExpired), (fault.End, fault.ProblemType));
    }

    [Fact]
    public async Task Leaving_a_wait_leaves_the_job_alone()
    {
        var job = await server.Client.StartAsync(Long);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.WaitAsync(leaving.Token));
        Assert.False((await job.GetAsync()).Status.IsFinished);
        await job.CancelAsync();
    }

    [Fact]
    public async Task A_running_job_is_finished_as_it_stands()
    {
        var job = await server.Client.StartAsync(Long);
        await job.WatchAsync().FirstAsync(happened => happened is JobProgressed);
        await job.FinishAsync();
        var result = await job.WaitAsync();
        Assert.Equal(8, result.Images.Count);
        Assert.True(result.Timings.Steps < 8 * 150, $"{result.Timings.Steps} steps were run.");
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => job.FinishAsync());
        Assert.Equal(ProblemTypes.JobNotRunning, fault.ProblemType);
    }

    [Fact]
    public async Task A_purged_job_is_gone()
    {
        var result = await server.Client.GenerateAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 2, Upscale = UpscaleStep.None });
        await server.Client.GetJob(result.Id).PurgeAsync();
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GetJob(result.Id).GetAsync());
        Assert.Equal((404, ProblemTypes.JobNotFound), ((int)fault.Status, fault.ProblemType));
        await Assert.ThrowsAsync<DarkroomException>(() => server.Client.GetImageAsync(result.Images[0]));
        fault = await Assert.ThrowsAsync<DarkroomException>(async () => await server.Client.GetJob(result.Id).WatchAsync().ToListAsync());
        Assert.Equal(ProblemTypes.JobNotFound, fault.ProblemType);
    }

    [Fact]
    public async Task Jobs_are_listed_over_all_pages()
    {
        var made = new List<string>();
        for (int i = 0; i < 5; i++)
            made.Add((await server.Client.GenerateAsync(new Txt2ImgRequest { Prompt = "a page", Steps = 1, Return = ReturnMode.Url })).Id);
        var listed = await server.Client.ListJobsAsync(JobStatus.Succeeded, pageSize: 2).Take(5).Select(job => job.Id).ToListAsync();
        Assert.Equal(made.AsEnumerable().Reverse(), listed);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await server.Client.ListJobsAsync(pageSize: 101).ToListAsync());
    }

    [Fact]
    public async Task The_queue_is_paused_and_a_waiting_job_moved()
    {
        Assert.True((await server.Client.PauseQueueAsync()).Paused);
        try
        {
            var job = await server.Client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 1 });
            Assert.Equal("high", (await job.PrioritizeAsync(JobPriority.High)).Parameters.As<Txt2ImgRequest>().Priority?.Value);
            Assert.Equal(JobStatus.Queued, (await job.GetAsync()).Status);
            await job.CancelAsync();
        }
        finally
        {
            Assert.False((await server.Client.ResumeQueueAsync()).Paused);
        }
    }

    private async Task EndsAsync(string id, JobStatus status)
    {
        var job = server.Client.GetJob(id);
        for (int i = 0; i < 100 && !(await job.GetAsync()).Status.IsFinished; i++) await Task.Delay(50);
        Assert.Equal(status, (await job.GetAsync()).Status);
    }

    private sealed class Reporter(Action<JobEvent> report) : IProgress<JobEvent>
    {
        public void Report(JobEvent value) => report(value);
    }
}

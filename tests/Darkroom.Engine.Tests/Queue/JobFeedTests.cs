using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Engine.Tests.Execution;

namespace Darkroom.Engine.Tests.Queue;

public sealed class JobFeedTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("12.3", 12, 3)]
    [InlineData("12", 12, 0)]
    [InlineData("0.0", 0, 0)]
    public void Mark_is_read_as_it_is_written(string text, long version, long preview)
    {
        Assert.True(JobMark.TryParse(text, out var mark));
        Assert.Equal(new JobMark(version, preview), mark);
        Assert.True(JobMark.TryParse(mark.ToString(), out var again));
        Assert.Equal(mark, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("-1")]
    [InlineData("1.")]
    [InlineData(" 1")]
    [InlineData("1,2")]
    [InlineData("99999999999999999999")]
    public void What_is_no_mark_is_refused(string? text) => Assert.False(JobMark.TryParse(text, out _));

    [Fact]
    public async Task Readers_of_one_job_all_see_its_previews_and_its_end_and_those_who_go_on_see_each_event_once()
    {
        using var engine = new EngineHarness();
        var feed = new JobFeed(engine.Queue, engine.Board);
        var job = await engine.SubmitAsync(Requests.Plain with { Steps = 12, PreviewEvery = 2 });
        var readers = Enumerable.Range(0, 3).Select(_ => ReadAsync(feed, job.Id, default, int.MaxValue)).ToList();
        var first = ReadAsync(feed, job.Id, default, 4);
        for (int tick = 0; tick < 9; tick++)
        {
            await engine.TickAsync();
            await Task.Yield();
            if (tick == 4) await engine.Board.NextAsync(job.Id, 0, Cancellation);
        }
        var begun = await first.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        readers.Add(ReadAsync(feed, job.Id, begun[^1].Mark, int.MaxValue));
        await engine.RunAsync();
        var read = await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        foreach (var news in read)
        {
            Assert.Equal(JobEventKind.Succeeded, news[^1].Event!.Kind);
            var versions = news.Where(one => one.Event is not null).Select(one => one.Event!.Version).ToArray();
            Assert.Equal(versions.Distinct().Order(), versions);
        }
        Assert.All(read[..3], news => Assert.Contains(news, one => one.Preview is not null));
        Assert.DoesNotContain(read[3], one => one.Event is { } happened && happened.Version <= begun[^1].Mark.Version);
    }

    [Fact]
    public async Task Preview_that_is_posted_with_the_end_is_not_told_after_it()
    {
        using var engine = new EngineHarness();
        var feed = new JobFeed(engine.Queue, engine.Board);
        var job = await engine.SubmitAsync(Requests.Plain);
        await engine.Queue.CancelAsync(job.Id, Cancellation);
        var news = new List<JobNews>();
        await foreach (var one in feed.ReadAsync(job.Id, default, Cancellation))
        {
            news.Add(one);
            if (one.Event is not { Kind: JobEventKind.Cancelled }) continue;
            engine.Board.Post(new(job.Id, 0, 1, 8, 8, new byte[1]));
            await Task.Delay(50, Cancellation); // it reaches the feed
        }
        Assert.Equal(JobEventKind.Cancelled, news[^1].Event?.Kind);
    }

    [Fact]
    public async Task Every_stream_of_random_jobs_with_random_ends_has_one_final_event_and_it_is_the_last()
    {
        var random = new Random(20261124);
        using var engine = new EngineHarness(options: new EngineOptions { MaxBatch = 6 });
        var feed = new JobFeed(engine.Queue, engine.Board);
        var jobs = new List<Job>();
        var streams = new List<Task<List<JobNews>>>();
        for (int i = 0; i < 50; i++)
        {
            jobs.Add(await engine.SubmitAsync(Requests.Plain with
            {
                Seed = i, Steps = random.Next(1, 9), Count = random.Next(1, 3), PreviewEvery = random.Next(0, 3), Deadline = random.Next(4) == 0
                    ? random.Next(1, 60) : null,
            }));
            for (int reader = 0; reader < 2; reader++) streams.Add(ReadAsync(feed, jobs[i].Id, default, int.MaxValue));
        }
        for (bool left = true; left;)
        {
            if (!await engine.TickAsync() && engine.Active.Jobs.Count > 0) await engine.Signal.WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
            engine.Clock.Move(TimeSpan.FromSeconds(1));
            var job = jobs[random.Next(jobs.Count)];
            if (random.Next(3) == 0) await engine.Queue.CancelAsync(job.Id, Cancellation);
            if (random.Next(3) == 0) streams.Add(ReadAsync(feed, job.Id, new JobMark(random.Next(2), random.Next(2)), int.MaxValue));
            left = engine.Active.Jobs.Count > 0 || await engine.Store.CountQueuedAsync(Cancellation) > 0;
        }
        var ended = new HashSet<JobEventKind>();
        foreach (var news in await Task.WhenAll(streams).WaitAsync(TimeSpan.FromSeconds(30), Cancellation))
        {
            Assert.Same(news[^1], Assert.Single(news, one => one.Event is { Kind: >= JobEventKind.Succeeded }));
            ended.Add(news[^1].Event!.Kind);
        }
        Assert.Superset(new HashSet<JobEventKind> { JobEventKind.Succeeded, JobEventKind.Cancelled, JobEventKind.Expired }, ended);
        for (int wait = 0; wait < 500 && engine.Board.Count > 0; wait++) await Task.Delay(10, Cancellation);
        Assert.Equal(0, engine.Board.Count);
    }

    private static Task<List<JobNews>> ReadAsync(JobFeed feed, string id, JobMark after, int most) => Task.Run(async () =>
    {
        var news = new List<JobNews>();
        await foreach (var one in feed.ReadAsync(id, after, Cancellation))
        {
            news.Add(one);
            if (news.Count == most) break;
        }
        return news;
    }, Cancellation);
}

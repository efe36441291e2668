using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Asynchronous;

/// <summary>Readers of jobs' events.</summary>
public sealed class EventTests(StarterServer server) : IClassFixture<StarterServer>
{
    private static readonly object Long = new { prompt = "fox, 3d render", seed = 7, steps = 150, sampler = "heun", preview_every = 1 };

    [Fact]
    public async Task Several_readers_see_the_job_from_its_beginning_to_its_end_in_order()
    {
        string id = await server.Client.BeginAsync(new { prompt = "fox, 3d render", seed = 7, steps = 20, count = 2, upscale = (object?)null });
        var readers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Client.AllEventsAsync(id)));
        foreach (var events in readers)
        {
            Assert.Equal(["queued", "started", "progress", "succeeded"], events.Select(one => one.Name).Distinct());
            int[] steps = [.. events.Where(one => one.Name == "progress").Select(one => one.Data.GetProperty("step").GetInt32())];
            Assert.Equal(steps.Distinct().Order(), steps);
            Assert.Equal(40, steps[^1]);
            Assert.Equal(events.Select(one => one.Id).Distinct().Count(), events.Count);
        }
        var late = await server.Client.AllEventsAsync(id);
        Assert.Equal(["queued", "started", "progress", "succeeded"], late.Select(one => one.Name));
        Assert.Equal(readers[0][^1].Data.ToString(), late[^1].Data.ToString());
        Assert.Equal(2, late[^1].Data.GetProperty("images").GetArrayLength());
    }

    [Fact]
    public async Task A_reader_who_was_cut_off_goes_on_where_it_was()
    {
        string id = await server.Client.BeginAsync(new { prompt = "fox, 3d render", seed = 7, steps = 60, preview_every = 10 });
        var seen = new List<ReadEvent>();
        for (int connection = 0; connection < 4; connection++)
            await foreach (var one in server.Client.EventsAsync(id, seen.LastOrDefault()?.Id))
            {
                seen.Add(one);
                // Cut off in mid-run, three times.
                if (connection < 3 && seen.Count >= 12 * (connection + 1)) break;
            }
        Assert.True(seen[^1].IsFinal);
        Assert.Single(seen, one => one.IsFinal);
        Assert.Equal(seen.Select(one => one.Id).Distinct().Count(), seen.Count);
        int[] steps = [.. seen.Where(one => one.Name == "progress").Select(one => one.Data.GetProperty("step").GetInt32())];
        Assert.Equal(steps.Order(), steps);
        Assert.Empty(await server.Client.AllEventsAsync(id, seen[^1].Id));
    }

    [Fact]
    public async Task A_cancelled_job_ends_every_stream_with_the_word()
    {
        string id = await server.Client.BeginAsync(Long);
        var other = server.Client.AllEventsAsync(id);
        await foreach (var one in server.Client.EventsAsync(id))
        {
            if (one.Name == "progress" && one.Data.GetProperty("step").GetInt32() == 3) Assert.Equal("cancelled", await server.Client.CancelAsync(id));
            if (one.IsFinal) Assert.Equal("cancelled", one.Name);
        }
        Assert.Equal("cancelled", (await other)[^1].Name);
    }

    [Fact]
    public async Task A_deadline_in_mid_run_ends_the_stream_and_frees_the_row()
    {
        string id = await server.Client.BeginAsync(new { prompt = "fox", seed = 1, steps = 150, sampler = "heun", count = 2, deadline = 1.5 });
        var events = await server.Client.AllEventsAsync(id);
        Assert.Equal(("expired", "/problems/deadline_expired"), (events[^1].Name, events[^1].Data.GetProperty("type").GetString()));
        Assert.Contains(events, one => one.Name == "progress");
        var next = (await server.Client.PostAsync(new { prompt = "fox", seed = 2, steps = 3 })).Succeeded();
        Assert.Equal(1, next.GetProperty("timings").GetProperty("mean_batch").GetDouble());
    }

    [Fact]
    public async Task Readers_come_and_go_and_the_job_takes_no_notice()
    {
        string id = await server.Client.BeginAsync(new { prompt = "fox, 3d render", seed = 7, steps = 40, preview_every = 1 });
        for (int i = 0; i < 10; i++)
        {
            using var left = await server.Client.OpenEventsAsync(id);
        }
        Assert.Equal("succeeded", (await server.Client.AllEventsAsync(id))[^1].Name);
    }

    [Fact]
    public async Task A_reader_who_does_not_read_holds_up_neither_the_job_nor_the_others_and_still_gets_the_end()
    {
        string id = await server.Client.BeginAsync(Long);
        using var slow = await server.Client.OpenEventsAsync(id);
        Assert.Equal("succeeded", (await server.Client.AllEventsAsync(id))[^1].Name);
        Assert.Contains("event: succeeded", await slow.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Fifty_random_jobs_with_random_cancels_end_each_stream_with_one_final_event()
    {
        var random = new Random(50);
        var jobs = new List<(string Id, Task<List<ReadEvent>> Events)>();
        var cancels = new List<Task>();
        for (int i = 0; i < 50; i++)
        {
            string id = await server.Client.BeginAsync(new { prompt = "fox", seed = i, steps = random.Next(1, 12), preview_every = random.Next(0, 3) });
            jobs.Add((id, server.Client.AllEventsAsync(id)));
            if (random.Next(3) == 0) cancels.Add(server.Client.CancelAsync(jobs[random.Next(jobs.Count)].Id));
        }
        await Task.WhenAll(cancels);
        var ends = new List<string>();
        foreach (var (id, reading) in jobs)
        {
            var events = await reading;
            Assert.Same(events[^1], Assert.Single(events, one => one.IsFinal));
            Assert.Equal(events[^1].Name, (await server.Client.JobAsync(id)).GetProperty("status").GetString());
            ends.Add(events[^1].Name);
        }
        Assert.Contains("succeeded", ends);
        Assert.Contains("cancelled", ends);
    }
}

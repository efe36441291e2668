using System.Net;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Previews;
using Darkroom.Server.Native.Answers;
using Darkroom.Server.Native.Endpoints;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Darkroom.Server.Tests.Native.Endpoints;

public sealed class JobEventsTests
{
    private static readonly string Id = 1.ToString("x32");

    [Fact]
    public async Task A_reader_sees_everything_in_order_and_then_the_end_of_the_stream()
    {
        await using var server = await QueuedAsync();
        server.Queue.Outlook = new(0, 1.5);
        var events = server.Client.EventsAsync(Id).GetAsyncEnumerator();
        Assert.Equal(("queued", "1.0", 0, 1.5),
            await NextAsync(one => (one.Name, one.Id, one.Data.GetProperty("position").GetInt32(), one.Data.GetProperty("eta").GetDouble())));
        await server.Queue.ApplyAsync(Id, new JobCommand.Claim());
        Assert.Equal(("started", "2.0"), await NextAsync(one => (one.Name, one.Id)));
        await server.Queue.ApplyAsync(Id, new JobCommand.Advance(new JobProgress(1, 4)));
        Assert.Equal(("progress", "3.0", 1, 4, 0.25), await NextAsync(one =>
            (one.Name, one.Id, one.Data.GetProperty("step").GetInt32(), one.Data.GetProperty("steps").GetInt32(), one.Data.GetProperty("share").GetDouble())));
        Board(server).Post(new Preview(Id, 0, 1, 8, 8, new byte[] { 1, 2, 3 }));
        Assert.Equal(("preview", "3.1", "png", "AQID"),
            await NextAsync(one => (one.Name, one.Id, one.Data.GetProperty("format").GetString(), one.Data.GetProperty("data").GetString())));
        server.Queue.Gate!.SetResult();
        await server.Queue.ApplyAsync(Id, new JobCommand.Fail(new(JobFailureKind.NonFinite, "Not finite.")));
        Assert.Equal(("failed", "4.1", "/problems/non_finite_output"), await NextAsync(one => (one.Name, one.Id, one.Data.GetProperty("type").GetString())));
        Assert.False(await events.MoveNextAsync());

        async Task<T> NextAsync<T>(Func<ReadEvent, T> of)
        {
            Assert.True(await events.MoveNextAsync());
            return of(events.Current);
        }
    }

    [Fact]
    public async Task The_stream_is_neither_stored_nor_held_back()
    {
        await using var server = await QueuedAsync();
        using var answer = await server.Client.OpenEventsAsync(Id);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("no-store", "no"), (answer.Headers.CacheControl!.ToString(), answer.Headers.GetValues("X-Accel-Buffering").Single()));
    }

    [Fact]
    public async Task A_late_reader_gets_the_newest_progress_and_the_answer_with_addresses()
    {
        await using var server = await RunningServer.StartAsync();
        using var made = await server.PostAsync("""{"prompt":"a fox"}""");
        var events = await server.Client.AllEventsAsync(Id);
        Assert.Equal(["queued", "started", "succeeded"], events.Select(one => one.Name));
        var answer = events[^1].Data;
        var sent = await made.JsonAsync();
        Assert.Equal(sent.Select(one => one.Key), answer.EnumerateObject().Select(one => one.Name));
        Assert.Equal((string?)sent["images"]![0]!["url"], answer.GetProperty("images")[0].GetProperty("url").GetString());
        Assert.False(answer.GetProperty("images")[0].TryGetProperty("data", out _));
    }

    [Theory]
    [InlineData(null, "queued started progress cancelled")]
    [InlineData("1.0", "started progress cancelled")]
    [InlineData("2", "progress cancelled")]
    [InlineData("4.7", "cancelled")]
    [InlineData("99.0", "queued started progress cancelled")]
    [InlineData("-1", "queued started progress cancelled")]
    [InlineData("x.y.z", "queued started progress cancelled")]
    [InlineData("9999999999999999999999", "queued started progress cancelled")]
    public async Task Reading_goes_on_after_the_last_event_and_begins_anew_where_that_makes_no_sense(string? last, string names)
    {
        await using var server = await QueuedAsync();
        foreach (var command in (JobCommand[])[new JobCommand.Claim(), new JobCommand.Advance(new JobProgress(1, 4)),
            new JobCommand.Advance(new JobProgress(2, 4)), new JobCommand.Cancel()])
            await server.Queue.ApplyAsync(Id, command);
        Assert.Equal(names.Split(' '), (await server.Client.AllEventsAsync(Id, last)).Select(one => one.Name));
    }

    [Fact]
    public async Task Who_has_seen_the_end_is_told_that_nothing_comes()
    {
        await using var server = await RunningServer.StartAsync();
        using var made = await server.PostAsync("""{"prompt":"a fox"}""");
        var end = (await server.Client.AllEventsAsync(Id))[^1];
        using var again = await server.Client.OpenEventsAsync(Id, end.Id);
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task An_unknown_job_has_no_events()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.OpenEventsAsync("nothing");
        await answer.ProblemAsync(404, "job_not_found");
    }

    [Fact]
    public async Task While_nothing_happens_a_comment_says_that_the_connection_lives()
    {
        await using var server = await QueuedAsync(new HurriedTime(300));
        using var answer = await server.Client.OpenEventsAsync(Id);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        for (var comments = 0; comments < 3;)
            if (await lines.ReadLineAsync() is ": still here") comments++;
        await server.Queue.ApplyAsync(Id, new JobCommand.Cancel());
        Assert.Contains("event: cancelled", await lines.ReadToEndAsync());
    }

    [Fact]
    public async Task A_reader_who_leaves_is_let_go_at_once_and_the_job_goes_on()
    {
        await using var server = await QueuedAsync();
        var streams = server.App.Services.GetRequiredService<EventStreams>();
        var readers = new List<HttpResponseMessage>();
        for (var i = 0; i < 5; i++) readers.Add(await server.Client.OpenEventsAsync(Id));
        await Txt2ImgTests.Until(() => streams.Open == 5);
        readers.ForEach(reader => reader.Dispose());
        await Txt2ImgTests.Until(() => streams.Open == 0);
        Assert.Equal(0, ((MemoryPreviewBoard)Board(server)).Count);
        Assert.Equal(JobState.Queued, (await server.Queue.FindAsync(Id, default))!.State);
        Assert.DoesNotContain("\"@l\":\"Error\"", server.Log.All);
    }

    [Fact]
    public async Task A_slow_reader_finds_the_newest_preview_and_the_end()
    {
        await using var server = await QueuedAsync();
        await server.Queue.ApplyAsync(Id, new JobCommand.Claim());
        using var answer = await server.Client.OpenEventsAsync(Id);
        // More than every buffer between the two can hold.
        var png = new byte[75_000];
        for (var step = 1; step <= 400; step++)
        {
            Board(server).Post(new Preview(Id, 0, step, 8, 8, png));
            await Task.Delay(1);
        }
        await server.Queue.ApplyAsync(Id, new JobCommand.Cancel());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.InRange(text.Split("event: preview").Length, 2, 300);
        Assert.Single(text.Split("event: cancelled"), part => part.Contains("job_cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_drain_ends_streams_with_the_end_of_their_jobs()
    {
        await using var server = await QueuedAsync(settings: ("Darkroom:DrainTimeout", "0.2"));
        var reading = server.Client.AllEventsAsync(Id);
        await Txt2ImgTests.Until(() => server.App.Services.GetRequiredService<EventStreams>().Open == 1);
        await server.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        var end = (await reading)[^1];
        Assert.Equal(("cancelled", "/problems/shutting_down"), (end.Name, end.Data.GetProperty("type").GetString()));
    }

    private static IPreviewBoard Board(RunningServer server) => server.App.Services.GetRequiredService<IPreviewBoard>();

    /// <summary>A server with one job, which waits.</summary>
    private static async Task<RunningServer> QueuedAsync(TimeProvider? time = null, params (string, string)[] settings)
    {
        var server = await RunningServer.StartAsync(time ?? TimeProvider.System, settings);
        (server.Queue.LeavesQueued, server.Queue.Gate) = (true, new());
        using var accepted = await server.PostAsync("""{"prompt":"a fox","steps":4,"preview_every":1}""", prefer: "respond-async");
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        return server;
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Client.Tests.Network;

/// <summary>What is sent again, when, and that it never makes a second job.</summary>
public sealed class RetryTests(TestServer server)
{
    [Fact]
    public async Task A_busy_server_is_asked_again_when_it_said()
    {
        await using var busy = await ScriptedHttp.StartAsync((context, number) => number < 2
            ? ScriptedHttp.ProblemAsync(context, 503, ProblemTypes.QueueFull, retryAfter: "1")
            : ScriptedHttp.ForwardAsync(context, server.Process.Client));
        using var client = server.NewClient(options => (options.BaseAddress, options.RetryDelay) = (busy.Address, TimeSpan.FromMilliseconds(1)));
        long started = Stopwatch.GetTimestamp();
        var job = await client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 2 });
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 2, 10);
        Assert.Equal(3, busy.Requests.Count);
        Assert.Single(busy.Requests.Select(request => request.Key).Distinct());
        Assert.Equal(32, busy.Requests.First().Key?.Length);
        await server.Client.GetJob(job.Id).WaitAsync();
    }

    [Fact]
    public async Task A_date_is_understood_as_a_time_to_wait()
    {
        await using var busy = await ScriptedHttp.StartAsync((context, number) => number == 0
            ? ScriptedHttp.ProblemAsync(context, 429, ProblemTypes.TooManyJobs, DateTimeOffset.UtcNow.AddSeconds(2).ToString("R"))
            : ScriptedHttp.ForwardAsync(context, server.Process.Client));
        using var client = server.NewClient(options => (options.BaseAddress, options.RetryDelay) = (busy.Address, TimeSpan.FromMilliseconds(1)));
        long started = Stopwatch.GetTimestamp();
        Assert.Equal("Darkroom", (await client.GetVersionAsync()).Name);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.9, 10); // the header has whole seconds
    }

    [Fact]
    public async Task Tries_are_bounded_and_the_last_word_is_the_callers()
    {
        await using var busy = await ScriptedHttp.StartAsync((context, _) => ScriptedHttp.ProblemAsync(context, 503, ProblemTypes.QueueFull));
        using var client = server.NewClient(options =>
            (options.BaseAddress, options.MaxRetries, options.RetryDelay) = (busy.Address, 3, TimeSpan.FromMilliseconds(2)));
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => client.GetStatsAsync());
        Assert.Equal((503, ProblemTypes.QueueFull), ((int)fault.Status, fault.ProblemType));
        Assert.Equal(4, busy.Requests.Count);
    }

    [Theory]
    [InlineData(503, "not_enough_memory", "60", 1)] // longer than the caller waits
    [InlineData(500, "internal_error", null, 1)]
    [InlineData(404, "job_not_found", null, 1)]
    [InlineData(507, "no_room_for_model", null, 1)]
    [InlineData(507, "disk_full", "1", 2)]
    [InlineData(502, "none", null, 2)]
    public async Task Only_what_may_pass_is_tried_again(int status, string slug, string? retryAfter, int requests)
    {
        await using var failing = await ScriptedHttp.StartAsync((context, _) => ScriptedHttp.ProblemAsync(context, status, slug, retryAfter));
        using var client = server.NewClient(options =>
            (options.BaseAddress, options.MaxRetries, options.RetryDelay) = (failing.Address, 1, TimeSpan.FromMilliseconds(1)));
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => client.GetStatsAsync());
        Assert.Equal((status, slug), ((int)fault.Status, fault.ProblemType));
        Assert.Equal(retryAfter, fault.RetryAfter?.TotalSeconds.ToString());
        Assert.Equal(requests, failing.Requests.Count);
    }

    [Fact]
    public async Task An_answer_that_is_lost_on_the_way_does_not_make_a_second_job()
    {
        await using var proxy = new CuttingProxy(server.Address) { Passes = number => number == 0 ? 0 : int.MaxValue };
        using var client = server.NewClient(options => (options.BaseAddress, options.RetryDelay) = (proxy.Address, TimeSpan.FromMilliseconds(50)));
        string prompt = $"lost {Guid.NewGuid():N}";
        var result = await client.GenerateAsync(new Img2ImgRequest { Prompt = prompt, Image = TestServer.Canvas, Steps = 2, Upscale = UpscaleStep.None });
        Assert.True(proxy.Connections >= 2);
        var jobs = await server.Client.ListJobsAsync().Where(job => job.Parameters.As<Img2ImgRequest>().Prompt == prompt).ToListAsync();
        Assert.Equal(result.Id, Assert.Single(jobs).Id);
    }

    [Fact]
    public async Task A_callers_own_key_finds_the_job_again()
    {
        var request = new Txt2ImgRequest { Prompt = "a circle", Steps = 2, IdempotencyKey = Guid.NewGuid().ToString() };
        var first = await server.Client.StartAsync(request);
        var second = await server.Client.StartAsync(request);
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(first.Id, (await server.Client.GenerateAsync(request)).Id);
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => server.Client.StartAsync(request with { Steps = 3 }));
        Assert.Equal(ProblemTypes.IdempotencyKeyReused, fault.ProblemType);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_read_twice_is_sent_once()
    {
        await using var busy = await ScriptedHttp.StartAsync(async (context, _) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await ScriptedHttp.ProblemAsync(context, 503, ProblemTypes.QueueFull, "0");
        });
        using var client = server.NewClient(options => (options.BaseAddress, options.RetryDelay) = (busy.Address, TimeSpan.FromMilliseconds(1)));
        var once = PictureSource.FromStream(new UploadTests.Generated(1000));
        await Assert.ThrowsAsync<DarkroomException>(() => client.StartAsync(new UpscaleRequest { Image = once }));
        Assert.Single(busy.Requests);
        using var seekable = new MemoryStream(TestServer.Canvas);
        await Assert.ThrowsAsync<DarkroomException>(() => client.StartAsync(new UpscaleRequest { Image = PictureSource.FromStream(seekable) }));
        Assert.Equal(1 + 5, busy.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_a_timeout()
    {
        await using var silent = await ScriptedHttp.StartAsync((context, _) => Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted));
        using var client = server.NewClient(options =>
            (options.BaseAddress, options.MaxRetries, options.RetryDelay, options.Timeout)
                = (silent.Address, 1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(200)));
        await Assert.ThrowsAsync<TimeoutException>(() => client.GetVersionAsync());
        Assert.Equal(2, silent.Requests.Count);
        using var leaving = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetVersionAsync(leaving.Token));
        using var short1 = new HttpClient { BaseAddress = silent.Address, Timeout = TimeSpan.FromMilliseconds(100) };
        using var over = new DarkroomClient(short1, new() { MaxRetries = 0 });
        await Assert.ThrowsAsync<TimeoutException>(() => over.GetVersionAsync());
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_an_HTTP_fault()
    {
        using var client = new DarkroomClient(new DarkroomClientOptions
            { BaseAddress = new("http://127.0.0.1:1"), MaxRetries = 1, RetryDelay = TimeSpan.FromMilliseconds(1) });
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GenerateAsync(new Txt2ImgRequest { Prompt = "a" }));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetReadinessAsync());
    }

    [Fact]
    public async Task Something_that_is_no_Darkroom_is_told_as_such()
    {
        await using var other = await ScriptedHttp.StartAsync((context, number) =>
        {
            context.Response.ContentType = "text/html";
            context.Response.StatusCode = number == 0 ? 200 : 403;
            return context.Response.WriteAsync("<html>");
        });
        using var client = new DarkroomClient(other.Address);
        await Assert.ThrowsAsync<InvalidDataException>(() => client.GetVersionAsync());
        var fault = await Assert.ThrowsAsync<DarkroomException>(() => client.GetVersionAsync());
        Assert.Null(fault.ProblemType);
        Assert.Contains("was answered 403", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_below_a_path_is_reached_there()
    {
        await using var below = await ScriptedHttp.StartAsync((context, _) =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"name":"Darkroom","version":"1","runtime":"r","system":"s"}""");
        });
        using var client = new DarkroomClient(new Uri(below.Address, "below/here"));
        await client.GetVersionAsync();
        Assert.Equal("/below/here/v1/version", Assert.Single(below.Requests).Path);
    }
}

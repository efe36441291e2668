using Darkroom.TestKit;
using Microsoft.AspNetCore.Http;

namespace Darkroom.Client.Tests.Network;

/// <summary>Who follows a job loses nothing where connections break and the server is started again.</summary>
public sealed class ReconnectTests(TestServer server)
{
    [Fact]
    public async Task Events_go_on_after_every_cut_and_none_comes_twice()
    {
        // Every connection ends within its fourth event or so.
        await using var proxy = new CuttingProxy(server.Address) { Passes = number => number == 0 ? int.MaxValue : 900 };
        using var client = server.NewClient(options => options.BaseAddress = proxy.Address);
        var job = await server.Client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 150, Count = 4, Upscale = UpscaleStep.None });
        var marks = new List<string>();
        JobEvent? last = null;
        proxy.Passes = _ => 900;
        await foreach (var happened in client.GetJob(job.Id).WatchAsync())
        {
            if (happened.Mark is { } mark) marks.Add(mark);
            if (marks.Count % 5 == 0) proxy.Cut();
            // The end is longer than a cut connection passes on.
            if (happened is JobProgressed { Share: > 0.3 }) proxy.Passes = static _ => int.MaxValue;
            last = happened;
        }
        Assert.IsType<JobSucceeded>(last);
        Assert.True(proxy.Connections > 3, $"{proxy.Connections} connections");
        Assert.Equal(marks.Count, marks.Distinct().Count());
    }

    [Fact]
    public async Task A_job_is_waited_for_over_a_crash_of_the_server()
    {
        string data = Directory.CreateTempSubdirectory("darkroom-client-").FullName;
        try
        {
            var first = await StartedServer.StartAsync(dataPath: data);
            await using var proxy = new CuttingProxy(first.Client.BaseAddress!);
            using var client = server.NewClient(options => options.BaseAddress = proxy.Address);
            var job = await client.StartAsync(new Txt2ImgRequest { Prompt = "a circle", Steps = 120, Seed = 9, Upscale = UpscaleStep.None });
            var begun = new TaskCompletionSource();
            var events = new List<JobEvent>();
            var following = job.WaitAsync(new Told(happened =>
            {
                events.Add(happened);
                if (happened is JobProgressed) begun.TrySetResult();
            }));
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await first.KillAsync();
            await first.DisposeAsync();
            Assert.False(following.IsCompleted);
            await using var second = await StartedServer.StartAsync(dataPath: data);
            proxy.Target = second.Client.BaseAddress!;
            var result = await client.DownloadImagesAsync(await following);
            Assert.Single(events, happened => happened.IsEnd);
            var same = await server.Client.GenerateAsync(result.Parameters.As<Txt2ImgRequest>());
            Assert.Equal(same.Images[0].Sha256, result.Images[0].Sha256);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task A_server_that_does_not_come_back_is_given_up()
    {
        await using var cutting = await ScriptedHttp.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("id: 1.0\nevent: queued\ndata: {\"id\":\"a\",\"at\":\"2026-11-30T10:00:00.000Z\"}\n\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        var client = server.NewClient(options => (options.BaseAddress, options.ReconnectFor) = (cutting.Address, TimeSpan.FromSeconds(1)));
        var seen = 0;
        var fault = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var happened in client.GetJob("a").WatchAsync())
            {
                Assert.IsType<JobQueued>(happened);
                if (++seen == 2) await cutting.DisposeAsync();
            }
        });
        Assert.True(fault is HttpRequestException or IOException, fault.ToString());
        client.Dispose();
    }

    [Fact]
    public async Task An_event_that_is_newer_than_the_client_is_kept_as_it_is()
    {
        await using var newer = await ScriptedHttp.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync(": hello\n\nid: 1.0\nevent: dreaming\ndata: {\"depth\":\ndata: 3}\n\n"
                + "id: 2.0\nevent: cancelled\ndata: {\"detail\":\"d\"}\n\n");
        });
        using var client = server.NewClient(options => options.BaseAddress = newer.Address);
        var events = await client.GetJob("a").WatchAsync().ToListAsync();
        var unknown = Assert.IsType<UnknownJobEvent>(events[0]);
        Assert.Equal(("dreaming", 3, "1.0"), (unknown.Name, unknown.Data.GetProperty("depth").GetInt32(), unknown.Mark));
        Assert.Equal("d", Assert.IsType<JobCancelled>(events[1]).Problem.Detail);
    }

    private sealed class Told(Action<JobEvent> tell) : IProgress<JobEvent>
    {
        public void Report(JobEvent value) => tell(value);
    }
}

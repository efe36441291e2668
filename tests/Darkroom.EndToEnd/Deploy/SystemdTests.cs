using System.Diagnostics;
using System.Globalization;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Deploy;

/// <summary>What systemd hears of the built server over a real socket; <c>deploy/systemd/darkroom.service</c> counts on it.</summary>
public sealed class SystemdTests : IDisposable
{
    private readonly NoticeSocket notices = new();
    private readonly ReservedPort port = new();
    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;

    private Process? started;

    public void Dispose()
    {
        if (started is { HasExited: false }) started.Kill(); // of a test that failed
        started?.Dispose();
        notices.Dispose();
        port.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Supervisor_is_told_when_the_server_listens_that_it_runs_and_that_it_drains_with_the_time_for_it()
    {
        var process = Start(("WATCHDOG_USEC", "600000"), ("Darkroom__DrainTimeout", "40"));
        using var client = new HttpClient { BaseAddress = port.Address };
        await notices.NextAsync("READY=1");
        Assert.All(notices.All.SkipLast(1), notice => Assert.Equal("WATCHDOG=1", notice));
        Assert.Equal(200, (await client.FetchAsync("/livez")).Status); // at once: a unit that needs this one starts now
        for (int i = 0; i < 3; i++) await notices.NextAsync("WATCHDOG=1");

        await Calls.UntilAsync("it is ready", async () => (await client.FetchAsync("/readyz")).Status == 200);
        string id = await client.BeginAsync(new { prompt = "fox", seed = 1, steps = 60 });
        var events = client.GetStringAsync($"/v1/jobs/{id}/events");
        await Calls.UntilAsync("the job runs", async () => (await client.JobAsync(id)).GetProperty("status").GetString() == "running");
        Signal.Send(process, Signal.Terminate);
        string[] stopping = (await notices.NextAsync("STOPPING=1")).Split('\n');
        Assert.Equal("draining", (await client.FetchAsync("/readyz")).Json.GetProperty("status").GetString()); // told before the end, not at it
        string extended = Assert.Single(stopping, line => line.StartsWith("EXTEND_TIMEOUT_USEC=", StringComparison.Ordinal));
        Assert.InRange(long.Parse(extended[(extended.IndexOf('=', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture), 43_000_000, 60_000_000);
        await notices.NextAsync("WATCHDOG=1"); // a drain is no hang
        Assert.Contains("event: succeeded", await events, StringComparison.Ordinal);
        Assert.Equal(0, await EndAsync(process));
    }

    [Fact]
    public async Task Server_with_wrong_settings_says_nothing_and_ends_with_the_code_that_keeps_systemd_from_another_start()
    {
        var process = Start(("Darkroom__DrainTimeout", "soon"));
        Assert.Equal(78, await EndAsync(process));
        Assert.Equal(0, notices.Waiting);
    }

    [Fact]
    public async Task Watchdog_of_another_process_and_a_socket_that_is_gone_do_not_disturb_the_server()
    {
        var process = Start(("WATCHDOG_USEC", "100000"), ("WATCHDOG_PID", "1"));
        await notices.NextAsync("READY=1");
        await Task.Delay(TimeSpan.FromSeconds(0.5), TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (notices.All.Count, notices.Waiting));
        File.Delete(notices.Path);
        Signal.Send(process, Signal.Terminate);
        Assert.Equal(0, await EndAsync(process));
    }

    [Fact]
    public async Task Supervisor_that_reads_nothing_holds_up_neither_requests_nor_the_end()
    {
        using var deaf = new NoticeSocket(reads: false);
        var process = Start(("NOTIFY_SOCKET", deaf.Path), ("WATCHDOG_USEC", "3000"));
        using var client = new HttpClient { BaseAddress = port.Address };
        await Calls.UntilAsync("it is ready", async () => await StatusAsync(client) == 200);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken); // a thousand notices, of which the socket holds a dozen
        Assert.Single((await client.PostAsync(new { prompt = "fox", seed = 1, steps = 4, upscale = (object?)null })).Pictures());
        Signal.Send(process, Signal.Terminate);
        Assert.Equal(0, await EndAsync(process));
    }

    private static async Task<int> StatusAsync(HttpClient client)
    {
        try
        {
            return (await client.FetchAsync("/readyz")).Status;
        }
        catch (HttpRequestException)
        {
            return 0; // it does not listen yet
        }
    }

    private Process Start(params (string Name, string Value)[] environment)
    {
        var start = ServerProgram.Start("--urls", $"http://127.0.0.1:{port}", "--data-path", data);
        start.Environment["NOTIFY_SOCKET"] = notices.Path;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = started = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<int> EndAsync(Process process)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1));
        return process.ExitCode;
    }
}

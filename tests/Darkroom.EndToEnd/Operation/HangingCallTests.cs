using System.Diagnostics;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>A network call that does not return hurts its own job, and holds neither the server nor the end of the process.</summary>
public sealed class HangingCallTests(HangingModels models) : IClassFixture<HangingModels>
{
    private static readonly object Healthy = new { prompt = "fox", seed = 1, steps = 2, model = "starter" };
    private static readonly object Hanging = new { prompt = "fox", steps = 2, guidance_scale = 1, model = HangingModels.Endless };

    [Fact]
    public async Task A_call_past_its_time_fails_its_job_and_the_next_job_of_another_model_is_served()
    {
        await using var server = await StartAsync(("Darkroom__Engine__CallTimeout", "2"));
        string alone = Assert.Single((await server.Client.PostAsync(Healthy)).Pictures());
        var hanging = await server.Client.PostAsync(Hanging);
        string detail = hanging.Problem(500, "device_failed").GetProperty("detail").GetString()!;
        Assert.Contains("unet was stopped after", detail, StringComparison.Ordinal);
        Assert.Equal(alone, Assert.Single((await server.Client.PostAsync(Healthy)).Pictures()));
        Assert.Equal("ready", (await server.Client.FetchAsync("/readyz")).Succeeded().GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_long_call_that_nobody_waits_for_any_more_is_stopped()
    {
        await using var server = await StartAsync();
        long began = Stopwatch.GetTimestamp();
        var expired = await server.Client.PostAsync(new { prompt = "fox", steps = 2, guidance_scale = 1, model = HangingModels.Endless, deadline = 3 });
        expired.Problem(503, "deadline_expired");
        Assert.Single((await server.Client.PostAsync(Healthy)).Pictures());

        string id = await HangAsync(server);
        Assert.Equal("cancelled", await server.Client.CancelAsync(id));
        Assert.Single((await server.Client.PostAsync(Healthy)).Pictures());
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(18), "Neither took the time that a call may take.");
    }

    [Theory]
    [InlineData(Signal.Terminate, 1)]
    [InlineData(Signal.Interrupt, 1)]
    [InlineData(Signal.HangUp, 1)]
    [InlineData(Signal.Terminate, 2)]
    public async Task A_signal_ends_the_process_in_time_whatever_a_call_does(int signal, int times)
    {
        Assert.SkipWhen(Signal.IsIgnored(signal), $"This run ignores signal {signal}, as one in the background may, and so does what it starts.");
        double drain = times == 1 ? 2 : 60;
        await using var server = await StartAsync(("Darkroom__DrainTimeout", $"{drain}"));
        string id = await HangAsync(server);
        var reading = server.Client.AllEventsAsync(id);
        long began = Stopwatch.GetTimestamp();
        server.Send(signal);
        await Calls.UntilAsync("readyz is 503", async () => (await server.Client.FetchAsync("/readyz")).Status == 503);
        if (times > 1) server.Send(signal);
        Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(60)));
        var took = Stopwatch.GetElapsedTime(began);
        Assert.True(took < TimeSpan.FromSeconds((times == 1 ? drain : 0) + 5), $"It took {took.TotalSeconds:F1} s.");
        Assert.Equal("queued", (await reading)[^1].Name); // given back: it goes on after the next start
    }

    [Fact]
    public async Task A_process_whose_only_device_does_not_come_back_says_so_and_exits_for_its_supervisor()
    {
        await using var server = await StartAsync(("Darkroom__Engine__CallTimeout", "1"));
        var stuck = await server.Client.PostAsync(new { prompt = "fox", steps = 2, guidance_scale = 1, model = HangingModels.Stuck });
        stuck.Problem(500, "device_failed");
        Assert.Equal(70, await server.FailedAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("is given up", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signal_ends_a_process_whose_call_cannot_be_stopped()
    {
        await using var server = await StartAsync(("Darkroom__DrainTimeout", "1"));
        await HangAsync(server, HangingModels.Stuck);
        long began = Stopwatch.GetTimestamp();
        server.Send(Signal.Terminate);
        await server.FailedAsync(TimeSpan.FromSeconds(60));
        // DrainTimeout and 5 s on a machine at rest, and some for the tests beside this one; the call itself would hold the process for minutes.
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(8), $"It took {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s.");
    }

    [Fact]
    public async Task Another_device_goes_on_when_one_is_given_up()
    {
        await using var server = await StartAsync(("Darkroom__Engine__CallTimeout", "1"), ("Darkroom__Engine__Device", "cpu,cpu"));
        var stuck = await server.Client.PostAsync(new { prompt = "fox", steps = 2, guidance_scale = 1, model = HangingModels.Stuck });
        stuck.Problem(500, "device_failed");
        for (int i = 0; i < 2; i++) Assert.Single((await server.Client.PostAsync(Healthy)).Pictures());
        var ready = (await server.Client.FetchAsync("/readyz")).Succeeded();
        Assert.Contains("does not come back", ready.GetProperty("reason").GetString(), StringComparison.Ordinal);
        server.Send(Signal.Terminate);
        await server.FailedAsync(TimeSpan.FromSeconds(60)); // under a thread that still runs
    }

    private Task<StartedServer> StartAsync(params (string, string)[] settings) => StartedServer.StartAsync(models.ModelsPath, null, settings);

    /// <summary>Begins a job and waits until it is in the call that hangs, and has been for longer than a call that may as well end.</summary>
    private static async Task<string> HangAsync(StartedServer server, string model = HangingModels.Endless)
    {
        string id = await server.Client.BeginAsync(new { prompt = "fox", steps = 2, guidance_scale = 1, model });
        await Calls.UntilAsync("the job runs", async () => (await server.Client.JobAsync(id)).GetProperty("status").GetString() == "running");
        await Calls.UntilAsync("the model is loaded",
            async () => (await server.Client.FetchAsync("/v1/models/" + model)).Succeeded().GetProperty("state").GetString() == "ready");
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        return id;
    }
}

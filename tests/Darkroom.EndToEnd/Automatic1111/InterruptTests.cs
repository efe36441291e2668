using System.Text.Json.Nodes;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Automatic1111;

/// <summary>Interrupt and skip stop what their caller asked for, with the pictures as they stand, and nothing of anybody else's.</summary>
public sealed class InterruptTests
{
    private const int Steps = 150;

    [Fact]
    public async Task Interrupt_of_one_caller_leaves_the_other_and_progress_shows_each_its_own()
    {
        await using var server = await StartedServer.StartAsync();
        var here = server.Client;
        using var there = Automatic1111Calls.From(here.BaseAddress!, "127.0.0.2");
        var mine = here.PostAsync("/sdapi/v1/txt2img", Long("mine", batches: 9));
        var theirs = there.PostAsync("/sdapi/v1/txt2img", Long("theirs", batches: 1));
        await Calls.UntilAsync("both run", async () => await StepAsync(here) > 2 && await StepAsync(there) > 0);

        var progress = await here.ReadAsync("/sdapi/v1/progress");
        Assert.InRange((double)progress["progress"]!, 0.01, 0.99);
        var state = progress["state"]!;
        Assert.Equal((9, Steps, "mine"), ((int)state["job_count"]!, (int)state["sampling_steps"]!, (string)state["job"]!));
        Assert.Equal("theirs", (string)(await there.ReadAsync("/sdapi/v1/progress"))["state"]!["job"]!);
        await Calls.UntilAsync("a preview", async () => (await here.ReadAsync("/sdapi/v1/progress"))["current_image"] is not null);
        Assert.Null((await here.ReadAsync("/sdapi/v1/progress?skip_current_image=true"))["current_image"]);
        var task = await here.PostAsync("/internal/progress", new JsonObject { ["id_task"] = "mine", ["id_live_preview"] = -1, ["live_preview"] = true });
        Assert.Equal((true, false), ((bool)task["active"]!, (bool)task["completed"]!));
        Assert.StartsWith("data:image/png;base64,", (string)task["live_preview"]!);
        task = await here.PostAsync("/internal/progress", new JsonObject { ["id_task"] = "theirs" });
        Assert.Equal((false, false, false), ((bool)task["active"]!, (bool)task["queued"]!, (bool)task["completed"]!));

        await here.PostAsync("/sdapi/v1/interrupt", new JsonObject());
        var stopped = await mine;
        // The first job's pictures as they stand; the second may not have begun.
        Assert.InRange(stopped.Hashes().Length, 8, 9);
        Assert.Equal(9, stopped.Info()["all_seeds"]!.AsArray().Count);
        Assert.Contains(stopped.Info()["warnings"]!.AsArray(), text => ((string)text!).Contains("was finished early"));
        var whole = await theirs;
        Assert.DoesNotContain(whole.Info()["warnings"]!.AsArray(), text => ((string)text!).Contains("finished early"));
        var again = await there.PostAsync("/sdapi/v1/txt2img", Long("again", batches: 1));
        Assert.Equal(again.Hashes(), whole.Hashes());

        task = await here.PostAsync("/internal/progress", new JsonObject { ["id_task"] = "mine" });
        Assert.True((bool)task["completed"]!);
        Assert.Equal(0, (int)(await here.ReadAsync("/sdapi/v1/progress"))["state"]!["job_count"]!);
    }

    [Fact]
    public async Task Skip_finishes_one_batch_and_the_other_goes_on_and_who_leaves_cancels()
    {
        await using var server = await StartedServer.StartAsync();
        var client = server.Client;
        var both = client.PostAsync("/sdapi/v1/txt2img", Long("both", batches: 2, steps: 40));
        await Calls.UntilAsync("it runs", async () => await StepAsync(client) > 1);
        await client.PostAsync("/sdapi/v1/skip", new JsonObject());
        var answer = await both;
        var warning = Assert.Single(answer.Info()["warnings"]!.AsArray(), text => ((string)text!).Contains("finished early"));
        Assert.StartsWith("picture 0 ", (string)warning!);
        var whole = await client.PostAsync("/sdapi/v1/txt2img", Long("whole", batches: 2, steps: 40));
        Assert.Equal(whole.Hashes()[1], answer.Hashes()[1]);
        Assert.NotEqual(whole.Hashes()[0], answer.Hashes()[0]);

        using var leaving = new HttpClient { BaseAddress = client.BaseAddress };
        using var patience = new CancellationTokenSource();
        using var sent = new StringContent(Long("left", batches: 9).ToJsonString());
        var left = leaving.PostAsync(new Uri("/sdapi/v1/txt2img", UriKind.Relative), sent, patience.Token);
        await Calls.UntilAsync("it runs", async () => await StepAsync(client) > 1);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Calls.UntilAsync("nothing runs", async () => (int)(await client.ReadAsync("/sdapi/v1/progress"))["state"]!["job_count"]! == 0);
        var jobs = (await client.ReadAsync("/v1/jobs?status=cancelled"))["data"]!.AsArray();
        Assert.Equal(2, jobs.Count);
    }

    private static async Task<int> StepAsync(HttpClient client)
    {
        var state = (await client.ReadAsync("/sdapi/v1/progress?skip_current_image=true"))["state"]!;
        return (int)state["job_no"]! * (int)state["sampling_steps"]! + (int)state["sampling_step"]!;
    }

    private static JsonObject Long(string id, int batches, int steps = Steps) => new()
    {
        ["prompt"] = "apple", ["steps"] = steps, ["cfg_scale"] = 3, ["seed"] = 5, ["width"] = 64, ["height"] = 64, ["n_iter"] = batches,
        ["force_task_id"] = id,
    };
}

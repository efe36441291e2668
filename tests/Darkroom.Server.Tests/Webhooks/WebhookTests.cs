using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Tests.Native.Endpoints;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Storage.Sqlite;
using Darkroom.TestKit.Web;
using static Darkroom.Server.Tests.Webhooks.WebhookBench;

namespace Darkroom.Server.Tests.Webhooks;

/// <summary>Receivers over real connections are told of every end, at least once, signed, and by the same id.</summary>
public sealed class WebhookTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_success_is_told_once_with_its_pictures_addresses_and_without_its_prompt()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        var answer = await (await server.PostAsync(Body(receiver, more: ",\"count\":8,\"seed\":5"))).JsonAsync();
        Assert.Equal("succeeded", (string?)answer["status"]);
        Assert.DoesNotContain("hook", answer.ToJsonString());

        var call = Assert.Single(await CallsAsync(receiver, 1));
        Verify(call);
        Assert.Equal(("POST", "/hook", "application/json"), (call.Method, call.Path, call.Headers["content-type"]));
        Assert.Equal("msg_" + (string?)answer["id"], call.Id);
        Assert.InRange(call.Body.Length, 1, 20_000);
        Assert.DoesNotContain("quiet", call.Text);
        var told = JsonNode.Parse(call.Text)!;
        Assert.Equal("job.succeeded", (string?)told["type"]);
        Assert.Equal((string?)answer["finished_at"], (string?)told["timestamp"]);
        var data = told["data"]!.AsObject();
        foreach (var name in (string[])["id", "status", "task", "model", "created_at", "finished_at"])
            Assert.Equal(answer[name]!.ToJsonString(), data[name]!.ToJsonString());
        Assert.Equal("/v1/jobs/" + (string?)answer["id"], (string?)data["location"]);
        Assert.False(data.ContainsKey("error"));
        var images = data["images"]!.AsArray();
        Assert.Equal(8, images.Count);
        foreach (var (one, other) in images.Zip(answer["images"]!.AsArray()))
        {
            other!.AsObject().Remove("data");
            Assert.Equal(other.ToJsonString(), one!.ToJsonString());
        }
    }

    [Theory]
    [InlineData("failed", "/problems/non_finite_output")]
    [InlineData("cancelled", "/problems/job_cancelled")]
    [InlineData("expired", "/problems/deadline_expired")]
    public async Task Every_other_end_is_told_once_with_its_problem(string end, string problem)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        if (end == "failed") server.Queue.Failure = new(JobFailureKind.NonFinite, "The network's output was not finite.");
        server.Queue.Expires = end == "expired";
        server.Queue.LeavesQueued = end == "cancelled";
        using var accepted = await server.PostAsync(Body(receiver, $"\"{end}\""), prefer: "respond-async");
        if (end == "cancelled") await server.Client.DeleteAsync(accepted.Headers.Location, Cancellation);

        var call = Assert.Single(await CallsAsync(receiver, 1));
        Verify(call);
        var told = JsonNode.Parse(call.Text)!;
        Assert.Equal(("job." + end, end), ((string?)told["type"], (string?)told["data"]!["status"]));
        Assert.Empty(told["data"]!["images"]!.AsArray());
        Assert.Equal(problem, (string?)told["data"]!["error"]!["type"]);
        Assert.NotEqual("", (string?)told["data"]!["error"]!["detail"]);
    }

    [Fact]
    public async Task An_end_that_is_not_named_is_not_told()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        using var done = await server.PostAsync(Body(receiver, "\"failed\",\"cancelled\",\"expired\""));
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        await CallsAsync(receiver, 0);
    }

    [Fact]
    public async Task A_form_and_an_upscale_name_a_receiver_too()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = await StartAsync(receiver);
        using var form = new MultipartFormDataContent
        {
            { new StringContent($$"""{"url":"{{receiver.Url}}","events":["succeeded"]}"""), "webhook" },
            { new ByteArrayContent(TestPictures.Of(32, 32)), "image", "a.png" },
        };
        using var done = await server.Client.PostAsync("/v1/upscale", form, Cancellation);
        Assert.True(done.IsSuccessStatusCode, await done.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("upscale", (string?)JsonNode.Parse((await CallsAsync(receiver, 1))[0].Text)!["data"]!["task"]);
    }

    [Fact]
    public async Task A_receiver_that_fails_twice_is_told_three_times_by_one_id()
    {
        int asked = 0;
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref asked) < 3 ? 500 : 204;
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(receiver);
        using var done = await server.PostAsync(Body(receiver));
        var calls = await CallsAsync(receiver, 3);
        foreach (var call in calls) Verify(call);
        Assert.Single(calls.Select(call => call.Id).Distinct());
        Assert.Single(calls.Select(call => call.Text).Distinct());
        await Txt2ImgTests.Until(() => server.Log.All.Contains("was delivered at try 3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(410, 1)]
    [InlineData(404, 3)]
    [InlineData(302, 3)]
    [InlineData(304, 3)]
    public async Task What_is_no_success_is_tried_to_the_end_of_the_schedule_and_410_ends_it_at_once(int status, int tries)
    {
        await using var elsewhere = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        });
        var pace = Quick with { Retries = [TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10)] };
        await using var server = await StartAsync(pace, null, receiver, elsewhere);
        using var done = await server.PostAsync(Body(receiver));
        await CallsAsync(receiver, tries);
        await CallsAsync(elsewhere, 0);
        await server.Log.TellsAsync($"is given up after try {tries} (\\\"status {status}\\\")");
    }

    [Fact]
    public async Task A_busy_receivers_own_time_is_heeded()
    {
        int asked = 0;
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            if (Interlocked.Increment(ref asked) > 1) return Task.CompletedTask;
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = "1";
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(receiver);
        using var done = await server.PostAsync(Body(receiver));
        var calls = await CallsAsync(receiver, 2);
        Assert.InRange(calls[1].At - calls[0].At, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Receivers_that_hang_hold_up_nobody_and_are_left_alone_after_a_while()
    {
        await using var hanging = await WebhookReceiver.StartAsync(async context => await Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var receiver = await WebhookReceiver.StartAsync();
        var pace = Quick with { Timeout = TimeSpan.FromSeconds(1.5), Break = TimeSpan.FromMinutes(5) };
        await using var server = await StartAsync(pace, null, hanging, receiver);
        for (int i = 0; i < 12; i++) (await server.PostAsync(Body(hanging))).Dispose();
        for (int i = 0; i < 12; i++) (await server.PostAsync(Body(receiver))).Dispose();
        Assert.Equal(12, (await CallsAsync(receiver, 12)).Select(call => call.Id).Distinct().Count());

        await Txt2ImgTests.Until(() => server.Log.All.Contains("no answer in time", StringComparison.Ordinal));
        await Task.Delay(TimeSpan.FromSeconds(4), Cancellation);
        Assert.InRange(hanging.Calls.Count, 4, 7); // two at a time, until the fourth or so had no answer
        Assert.DoesNotContain("failed at try 3", server.Log.All); // what waits meanwhile loses no tries
    }

    [Fact]
    public async Task What_was_under_way_when_the_server_stopped_is_told_by_the_next_one()
    {
        var folder = Directory.CreateTempSubdirectory("darkroom-hooks-").FullName;
        bool hangs = true;
        await using var receiver = await WebhookReceiver.StartAsync(async context =>
        {
            if (Volatile.Read(ref hangs)) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using (var store = SqliteJobStore.Open(folder, TimeProvider.System))
        await using (var server = await StartAsync(Quick, store, receiver))
        {
            using var done = await server.PostAsync(Body(receiver));
            await CallsAsync(receiver, 1);
            Volatile.Write(ref hangs, false);
        }
        using (var store = SqliteJobStore.Open(folder, TimeProvider.System))
        await using (var server = await StartAsync(Quick, store, receiver))
        {
            var calls = await CallsAsync(receiver, 2);
            Assert.Equal(calls[0].Id, calls[1].Id);
            await Txt2ImgTests.Until(() => server.Log.All.Contains("was delivered", StringComparison.Ordinal));
        }
        using (var store = SqliteJobStore.Open(folder, TimeProvider.System))
            Assert.Null(await store.TakeAsync([], TimeSpan.FromMinutes(1), Cancellation));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task No_address_of_a_receiver_and_no_secret_is_logged_or_answered()
    {
        int asked = 0;
        await using var receiver = await WebhookReceiver.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref asked) switch { 1 => 500, 2 => 302, _ => 200 };
            context.Response.Headers.Location = "/canarylocation";
            return Task.CompletedTask;
        });
        await using var server = await StartAsync(receiver);
        var (path, refused) = ("/canarypath7741?token=canaryquery8852", new List<string>());
        var job = (string?)(await (await server.PostAsync(Body(receiver, path: path))).JsonAsync())["id"];
        await CallsAsync(receiver, 3);
        refused.Add(await server.Client.GetStringAsync($"/v1/jobs/{job}", Cancellation));
        foreach (var body in (string[])
            [
                $$$"""{"prompt":"","webhook":{"url":"https://canaryhost.example{{{path}}}"}}""", $$$"""{"prompt":"","webhook":"{{{path}}}"}""",
                $$$"""{"prompt":"","webhook":{"url":["{{{path}}}"],"events":["{{{path}}}"]}}""",
                $$$"""{"prompt":"","webhook":{"url":"http://127.0.0.1:1{{{path}}}","events":[]}}""",
            ])
            refused.Add(await (await server.PostAsync(body)).Content.ReadAsStringAsync(Cancellation));
        using (var unreachable = await server.PostAsync(Body(receiver, path: path).Replace("127.0.0.1", "127.0.0.9", StringComparison.Ordinal)))
            refused.Add(await unreachable.Content.ReadAsStringAsync(Cancellation));
        Assert.All(refused.Skip(1), text => Assert.Contains("webhook", text));
        foreach (var text in refused.Append(server.Log.All))
            foreach (var canary in (string[])["canary", Secret, Secret["whsec_".Length..], receiver.Origin])
                Assert.DoesNotContain(canary, text);
        await server.Log.TellsAsync("was delivered at try 3");
    }
}

using System.Text.Json;
using Darkroom.TestKit;
using Darkroom.TestKit.Web;

namespace Darkroom.EndToEnd.Operation;

/// <summary>The built server and a receiver of its own: an end that was reached is told, whatever happens to the server before it could be.</summary>
public sealed class WebhookTests : IDisposable
{
    private const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private static readonly byte[] Key = "0123456789abcdef0123456789abcdef"u8.ToArray();

    private readonly string data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task Killed_after_a_job_ended_and_before_it_was_told_the_server_tells_it_after_its_start()
    {
        bool hangs = true;
        await using var receiver = await WebhookReceiver.StartAsync(async context =>
        {
            if (Volatile.Read(ref hangs)) await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        string id;
        await using (var server = await StartAsync(receiver))
        {
            id = await server.Client.BeginAsync(Body(receiver));
            await Calls.UntilAsync("the receiver is called", () => Task.FromResult(!receiver.Calls.IsEmpty));
            Assert.Equal("succeeded", (await server.Client.JobAsync(id)).GetProperty("status").GetString());
            await server.KillAsync();
        }
        Volatile.Write(ref hangs, false);
        await using (var again = await StartAsync(receiver))
        {
            await Calls.UntilAsync("the receiver is called again", () => Task.FromResult(receiver.Calls.Count == 2));
            await Calls.UntilAsync("the delivery is done", () => Task.FromResult(again.Output.Contains("was delivered", StringComparison.Ordinal)));
            var calls = receiver.Calls.ToArray();
            Assert.All(calls, call => Assert.Equal(("msg_" + id, call.SignatureOf(Key)), (call.Id, call.Headers["webhook-signature"])));
            var told = JsonDocument.Parse(calls[1].Body).RootElement;
            var picture = told.GetProperty("data").GetProperty("images")[0];
            var fetched = await again.Client.FetchAsync(picture.GetProperty("url").GetString()!);
            Assert.Equal(picture.GetProperty("sha256").GetString(), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(fetched.Bytes)));
            Assert.DoesNotContain("hooktoken", again.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret["whsec_".Length..], again.Output, StringComparison.Ordinal);
        }
        await using var last = await StartAsync(receiver);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Equal(2, receiver.Calls.Count);
    }

    [Fact]
    public async Task A_job_that_runs_when_the_server_is_killed_is_told_once_when_it_has_ended()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        string id;
        await using (var server = await StartAsync(receiver))
        {
            id = await server.Client.BeginAsync(Body(receiver, steps: 120));
            await Calls.UntilAsync("the job runs", async () =>
                (await server.Client.JobAsync(id)).GetProperty("progress").GetProperty("step").GetInt32() > 4);
            await server.KillAsync();
        }
        Assert.Empty(receiver.Calls);
        await using var again = await StartAsync(receiver);
        await Calls.UntilAsync("the receiver is called", () => Task.FromResult(!receiver.Calls.IsEmpty));
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        Assert.Equal("msg_" + id, Assert.Single(receiver.Calls).Id);
    }

    private static object Body(WebhookReceiver receiver, int steps = 4) =>
        new { prompt = "a red apple", steps, upscale = (object?)null, webhook = new { url = receiver.Url + "?key=hooktoken" } };

    private Task<StartedServer> StartAsync(WebhookReceiver receiver) => StartedServer.StartAsync(
        null, data, ("Darkroom__Webhooks__Allowed", receiver.Origin), ("Darkroom__Webhooks__Secret", Secret), ("Serilog__MinimumLevel__Default", "Debug"));
}

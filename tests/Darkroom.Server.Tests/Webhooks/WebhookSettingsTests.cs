using Darkroom.Server.Configuration;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Server.Webhooks;
using Darkroom.TestKit.Web;
using Microsoft.Extensions.DependencyInjection;
using StandardWebhooks;
using static Darkroom.Server.Tests.Webhooks.WebhookBench;

namespace Darkroom.Server.Tests.Webhooks;

/// <summary>What the settings of webhooks do, and what they make.</summary>
public sealed class WebhookSettingsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Off_is_the_default_says_the_setting_and_makes_nothing()
    {
        await using var server = await RunningServer.StartAsync();
        var problem = await (await server.PostAsync("""{"prompt":"","webhook":{"url":"https://example.org/"}}""")).ProblemAsync(422, "invalid_request");
        Assert.Equal(["webhook"], problem.FaultyFields());
        Assert.Contains("Darkroom:Webhooks:Allowed", problem.ToJsonString());
        Assert.Empty(server.Queue.Asked);
        Assert.Null(server.App.Services.GetService<WebhookSigner>());
        var settings = server.App.Services.GetRequiredService<DarkroomSettings>();
        Assert.False(File.Exists(Path.Combine(settings.DataPath, WebhookSecretFile.Name)));
        using var without = await server.PostAsync("""{"prompt":"","webhook":null}""");
        Assert.True(without.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("""{}""", "webhook.url")]
    [InlineData("""{"url":null}""", "webhook.url")]
    [InlineData("""{"url":7}""", "webhook.url")]
    [InlineData("""{"url":"https://user@example.org/"}""", "webhook.url")]
    [InlineData("""{"url":"https://192.168.0.1/"}""", "webhook.url")]
    [InlineData("""{"url":"https://example.org/","url":"https://example.org/"}""", "webhook.url")]
    [InlineData("""{"url":"https://example.org/","events":[]}""", "webhook.events")]
    [InlineData("""{"url":"https://example.org/","events":"failed"}""", "webhook.events")]
    [InlineData("""{"url":"https://example.org/","events":["failed","failed"]}""", "webhook.events")]
    [InlineData("""{"url":"https://example.org/","events":["queued"]}""", "webhook.events")]
    [InlineData("""{"url":"https://example.org/","events":["Failed"]}""", "webhook.events")]
    [InlineData("""{"url":"https://example.org/","events":["failed",null]}""", "webhook.events")]
    [InlineData("""{"url":"https://example.org/","secret":"x"}""", "webhook")]
    [InlineData("""[]""", "webhook")]
    [InlineData("\"https://example.org/\"", "webhook")]
    public async Task A_wrong_webhook_is_told_by_its_part(string webhook, string field)
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Webhooks:Allowed", "public"));
        var problem = await (await server.PostAsync($$"""{"prompt":"","webhook":{{webhook}}}""")).ProblemAsync(422, "invalid_request");
        Assert.Equal([field], problem.FaultyFields());
        Assert.Empty(server.Queue.Asked);
    }

    [Fact]
    public async Task All_ends_are_told_unless_some_are_named()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:Webhooks:Allowed", "public"));
        server.Queue.LeavesQueued = true;
        using var all = await server.PostAsync("""{"prompt":"","webhook":{"url":"HTTPS://Example.org:443"}}""", prefer: "respond-async");
        using var some = await server.PostAsync(
            """{"prompt":"","webhook":{"url":"https://example.org/","events":["expired","failed"]}}""", prefer: "respond-async");
        Assert.Equal(
            [new("https://example.org/", Engine.Jobs.JobEnds.All), new("https://example.org/", Engine.Jobs.JobEnds.Expired | Engine.Jobs.JobEnds.Failed)],
            server.Queue.Asked.Select(request => request.Webhook));
    }

    [Fact]
    public async Task A_secret_is_made_once_for_its_owner_alone_and_the_log_says_where()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var data = Directory.CreateTempSubdirectory("darkroom-hooks-").FullName;
        var file = Path.Combine(data, WebhookSecretFile.Name);
        var secrets = new HashSet<string>();
        for (int start = 0; start < 2; start++)
        {
            await using var server = await RunningServer.StartAsync(("Darkroom:Webhooks:Allowed", receiver.Origin), ("Darkroom:DataPath", data));
            secrets.Add((await File.ReadAllTextAsync(file, Cancellation)).Trim());
            using var done = await server.PostAsync(Body(receiver));
            var call = (await CallsAsync(receiver, start + 1))[start];
            Assert.Equal(call.SignatureOf(Assert.Single(WebhookSecrets.Parse(secrets.Single())!)), call.Headers["webhook-signature"]);
            Assert.Equal(start == 0, server.Log.All.Contains(file, StringComparison.Ordinal));
            Assert.DoesNotContain(secrets.Single()["whsec_".Length..], server.Log.All);
        }
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        await File.WriteAllTextAsync(file, "canary", Cancellation);
        var refused = await Assert.ThrowsAsync<SettingsException>(() =>
            RunningServer.StartAsync(("Darkroom:Webhooks:Allowed", receiver.Origin), ("Darkroom:DataPath", data)));
        Assert.Contains(file, refused.Message);
        Assert.DoesNotContain("canary", refused.Message);
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Two_secrets_give_two_signatures_and_come_from_a_file_too()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var file = Path.Combine(Directory.CreateTempSubdirectory("darkroom-hooks-").FullName, "secret");
        var old = WebhookSecrets.New();
        await File.WriteAllTextAsync(file, $"{Secret} {old}\n", Cancellation);
        await using var server = await RunningServer.StartAsync(("Darkroom:Webhooks:Allowed", receiver.Origin), ("Darkroom:Webhooks:Secret:File", file));
        using var done = await server.PostAsync(Body(receiver));
        var call = Assert.Single(await CallsAsync(receiver, 1));
        Assert.Equal($"{call.SignatureOf(Key)} {call.SignatureOf(WebhookSecrets.Parse(old)![0])}", call.Headers["webhook-signature"]);
        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary();
        foreach (var (name, value) in call.Headers) headers[name] = value;
        new StandardWebhook(Secret).Verify(call.Text, headers);
    }

    [Theory]
    [InlineData("Darkroom:Webhooks:Secret", "canary")]
    [InlineData("Darkroom:Webhooks:Secret", "whsec_Y2FuYXJ5")]
    [InlineData("Darkroom:Webhooks:Secret", "whsec_canary!")]
    [InlineData("Darkroom:Webhooks:Secret", Secret + " " + Secret + " " + Secret)]
    [InlineData("Darkroom:Webhooks:Allowed", "everybody!")]
    [InlineData("Darkroom:Webhooks:Allowed", "public,none")]
    public async Task A_wrong_setting_is_told_in_a_sentence(string key, string value)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync((key, value)));
        Assert.StartsWith(key, refused.Message);
        Assert.Contains(" must be ", refused.Message);
        if (key.EndsWith("Secret", StringComparison.Ordinal)) Assert.DoesNotContain(value, refused.Message);
    }
}

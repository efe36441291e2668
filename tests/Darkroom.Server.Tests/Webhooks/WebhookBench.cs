using System.Globalization;
using Darkroom.Engine.Queue;
using Darkroom.Server.Tests.Scripted;
using Darkroom.Server.Webhooks;
using Darkroom.TestKit.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StandardWebhooks;

namespace Darkroom.Server.Tests.Webhooks;

/// <summary>A server that tells receivers, in milliseconds where the schedule has minutes, and checks of what they were told.</summary>
internal static class WebhookBench
{
    public const string Secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    public static readonly byte[] Key = "0123456789abcdef0123456789abcdef"u8.ToArray();

    public static readonly WebhookPace Quick = new()
    {
        Retries = [.. Enumerable.Repeat(TimeSpan.FromMilliseconds(20), 9)], Poll = TimeSpan.FromMilliseconds(10), Timeout = TimeSpan.FromSeconds(15),
    };

    public static Task<RunningServer> StartAsync(params WebhookReceiver[] allowed) => StartAsync(Quick, null, allowed);

    public static Task<RunningServer> StartAsync(WebhookPace pace, IJobStore? jobs, params WebhookReceiver[] allowed) => RunningServer.StartAsync(
        services => services.AddSingleton(pace), jobs, ("Darkroom:Webhooks:Allowed", string.Join(',', allowed.Select(one => one.Origin))),
        ("Darkroom:Webhooks:Secret", Secret));

    /// <summary>A request with a webhook.</summary>
    public static string Body(WebhookReceiver receiver, string events = "", string more = "", string path = "/hook") =>
        $$"""{"prompt":"a quiet fox","webhook":{"url":"{{receiver.Origin}}{{path}}"{{(events.Length == 0 ? "" : $",\"events\":[{events}]")}}}{{more}}}""";

    /// <summary>Waits for as many calls, and a little longer for one too many.</summary>
    public static async Task<IReadOnlyList<WebhookCall>> CallsAsync(WebhookReceiver receiver, int count)
    {
        for (int i = 0; i < 1000 && receiver.Calls.Count < count; i++) await Task.Delay(10, TestContext.Current.CancellationToken);
        await Task.Delay(150, TestContext.Current.CancellationToken);
        Assert.Equal(count, receiver.Calls.Count);
        return [.. receiver.Calls];
    }

    /// <summary>Checks the signature by the specification's words and by another's library.</summary>
    public static void Verify(WebhookCall call)
    {
        Assert.Equal(call.SignatureOf(Key), call.Headers["webhook-signature"]);
        var age = DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(long.Parse(call.Headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        Assert.InRange(age, TimeSpan.FromSeconds(-1), TimeSpan.FromMinutes(1));
        var headers = new HeaderDictionary();
        foreach (var (name, value) in call.Headers) headers[name] = value;
        new StandardWebhook(Secret).Verify(call.Text, headers); // throws where it is wrong
    }
}

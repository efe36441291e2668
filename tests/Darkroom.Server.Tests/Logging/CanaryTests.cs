using System.Text;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Tests.Native.Endpoints;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Logging;

/// <summary>Words that a person might type never reach the log, at any level, on any path.</summary>
public sealed class CanaryTests
{
    private const string Prompt = "canaryprompt7741";
    private const string Negative = "canarynegative8852";

    [Fact]
    public async Task No_path_logs_a_prompt()
    {
        await using var server = await RunningServer.StartAsync();
        var fine = $$"""{"prompt":"{{Prompt}}","negative_prompt":"{{Negative}}"}""";
        async Task Sent(string json, string path = "/v1/txt2img", string? accept = null)
        {
            using var response = await server.PostAsync(json, accept, path);
            await response.Content.ReadAsByteArrayAsync();
        }

        await Sent(fine);
        await Sent(fine, accept: "image/png");
        await Sent(fine, accept: "text/" + Prompt);
        await Sent(fine.Replace("}", ",\"steps\":0,\"sampler\":\"" + Prompt + "\",\"" + Negative + "\":1}"));
        await Sent($$"""{"prompt":["{{Prompt}}"],"negative_prompt":"{{Negative}}\u0000"}""");
        await Sent($$"""{"prompt":"{{Prompt}}" {{Negative}}""");
        await Sent($$"""{"prompt":"{{Prompt}}{{new string('a', 5000)}}"}""");
        await Sent($$"""{"prompt":"{{Prompt}}{{new string('a', 300_000)}}"}""");
        await Sent($$"""{"prompt":"","model":"{{Prompt}}"}""");
        await Sent(fine, $"/v1/txt2img?prompt={Prompt}&negative_prompt={Negative}");
        await Sent(fine, $"/v1/{Prompt}?negative_prompt={Negative}");
        await Sent(fine, $"/v1/images/{Prompt}");

        server.Queue.Failure = new(JobFailureKind.NonFinite, "The network's output was not finite.");
        await Sent(fine);
        server.Queue.Failure = null;
        server.Queue.Throws = request => new InvalidOperationException("No token for " + request.Prompt, new ArgumentException(request.NegativePrompt));
        using (var broken = await server.PostAsync(fine))
        {
            var problem = await broken.ProblemAsync(500, "internal_error");
            Assert.DoesNotContain(Prompt, problem.ToJsonString());
            Assert.DoesNotContain("InvalidOperation", problem.ToJsonString());
        }

        server.Queue.Throws = null;
        server.Queue.Gate = new();
        using (var leave = new CancellationTokenSource())
        {
            var before = server.Queue.Asked.Count;
            var pending = server.Client.PostAsync("/v1/txt2img", new StringContent(fine, Encoding.UTF8, "application/json"), leave.Token);
            await Txt2ImgTests.Until(() => server.Queue.Asked.Count > before);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        }
        await Txt2ImgTests.Until(() => server.Log.All.Contains("the caller left", StringComparison.Ordinal));

        var log = server.Log.All;
        Assert.DoesNotContain(Prompt, log);
        Assert.DoesNotContain(Negative, log);
        Assert.Contains("System.InvalidOperationException", log);
        Assert.Contains("\"Route\":\"/v1/txt2img\",\"Status\":422", log);
        Assert.Contains("\"Route\":\"/v1/txt2img\",\"Status\":500", log);
    }

    [Fact]
    public async Task A_request_is_logged_with_route_status_time_and_ids()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":""}""");
        var job = (string?)(await response.JsonAsync())["id"];
        var id = response.Headers.GetValues("X-Request-Id").Single();
        await Txt2ImgTests.Until(() => server.Log.Lines.Any(line => line.Contains("\"Route\":\"/v1/txt2img\"", StringComparison.Ordinal)));
        var line = server.Log.Lines.Single(line => line.Contains("\"Route\":\"/v1/txt2img\"", StringComparison.Ordinal));
        foreach (var part in (string[])["\"Status\":200", $"\"RequestId\":\"{id}\"", $"\"JobId\":\"{job}\"", "\"ElapsedMs\":", "\"Method\":\"POST\"", "1101"])
            Assert.Contains(part, line);
    }
}

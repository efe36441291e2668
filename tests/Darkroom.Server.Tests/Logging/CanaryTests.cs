using System.Text;
using Darkroom.Engine.Jobs;
using Darkroom.Server.Security.Keys;
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
        await server.Log.TellsAsync("the caller left");

        var log = server.Log.All;
        Assert.DoesNotContain(Prompt, log);
        Assert.DoesNotContain(Negative, log);
        Assert.Contains("System.InvalidOperationException", log);
        Assert.Contains("\"Route\":\"/v1/txt2img\",\"Status\":422", log);
        Assert.Contains("\"Route\":\"/v1/txt2img\",\"Status\":500", log);
    }

    [Fact]
    public async Task No_path_logs_or_answers_a_key_or_what_a_sent_picture_says_of_itself()
    {
        const string inPicture = "canarypicture5519", guessed = "dk_canarywrong6630", asPassword = "canarypassword4417";
        var keys = new TestKeys();
        var (alice, reader) = (await keys.AddAsync("alice"), await keys.AddAsync("reader", KeyScope.Read));
        await using var server = await RunningServer.StartAsync(keys.Setting);
        var picture = Convert.ToBase64String(TestPictures.Of(64, 64, parameters: $"{inPicture}\nSteps: 20, Sampler: {inPicture}, Seed: 5"));
        var refusals = new StringBuilder();
        async Task Sent(string path, string? authorization, string? json, string? apiKey = null)
        {
            using var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, path);
            if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
            if (apiKey is not null) request.Headers.TryAddWithoutValidation("X-API-Key", apiKey);
            if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
            using var response = await server.Client.SendAsync(request);
            refusals.Append(response.Headers).AppendLine();
            var text = await response.Content.ReadAsStringAsync();
            // An answer names the path that was asked, which only its own caller sees.
            if (!response.IsSuccessStatusCode && path != $"/v1/{alice}") refusals.AppendLine(text);
        }

        var edit = $$"""{"prompt":"{{Prompt}}","image":"{{picture}}"}""";
        foreach (var way in (string[])["Bearer " + alice, "Bearer " + reader, "Bearer " + guessed, guessed,
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{asPassword}:{guessed}"))])
        {
            await Sent("/v1/jobs", way, null);
            await Sent("/v1/img2img", way, edit);
            await Sent("/v1/img2img", way, edit.Replace("}", ",\"steps\":0}", StringComparison.Ordinal));
            await Sent("/v1/img2img", way, edit.Replace("iVBOR", "iVBORx", StringComparison.Ordinal));
            await Sent("/v1/png-info", way, $$"""{"image":"{{picture}}"}""");
            await Sent("/v1/png-info", way, $$"""{"image":"{{picture}}","{{inPicture}}":1}"""[..^30]);
        }
        await Sent("/v1/jobs", null, null, alice);
        await Sent("/v1/jobs", null, null, guessed);
        await Sent($"/v1/jobs?api_key={alice}", null, null);
        await Sent($"/v1/{alice}", null, null, alice);
        for (var i = 0; i < 25; i++) await Sent("/v1/jobs", null, null, guessed); // to 429

        await File.WriteAllTextAsync(keys.File, $$"""{"version":1,"keys":[{"name":"{{alice}}"}]}""");
        await Sent("/v1/jobs", null, null, alice);
        await File.WriteAllTextAsync(keys.File, alice);
        server.Queue.Throws = request => new InvalidOperationException($"{request.Prompt} {alice} {keys.File}");
        await Sent("/v1/img2img", "Bearer " + alice, edit);

        // A request's line is written behind its answer.
        await server.Log.TellsAsync("\"Status\":500");
        var (log, told) = (server.Log.All, refusals.ToString());
        foreach (var canary in (string[])[alice, reader, guessed, asPassword, inPicture, Prompt, KeyHash.Of(alice).ToString()])
        {
            Assert.DoesNotContain(canary, log);
            if (canary != inPicture) Assert.DoesNotContain(canary, told);
        }
        foreach (var inside in (string[])[keys.Folder, "   at ", "Darkroom.Server", "Exception"]) Assert.DoesNotContain(inside, told);
        foreach (var status in (string[])["401", "403", "404", "422", "429", "500"]) Assert.Contains($"\"Status\":{status}", log);
    }

    [Fact]
    public async Task A_request_is_logged_with_route_status_time_and_ids()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":""}""");
        var job = (string?)(await response.JsonAsync())["id"];
        var id = response.Headers.GetValues("X-Request-Id").Single();
        await server.Log.TellsAsync("\"Route\":\"/v1/txt2img\"");
        var line = server.Log.Lines.Single(line => line.Contains("\"Route\":\"/v1/txt2img\"", StringComparison.Ordinal));
        foreach (var part in (string[])["\"Status\":200", $"\"RequestId\":\"{id}\"", $"\"JobId\":\"{job}\"", "\"ElapsedMs\":", "\"Method\":\"POST\"", "1101"])
            Assert.Contains(part, line);
    }
}

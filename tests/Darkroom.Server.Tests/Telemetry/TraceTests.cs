using System.Diagnostics;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Telemetry;

/// <summary>What a trace shows of jobs, on the whole server with the starter model.</summary>
public sealed class TraceTests
{
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    [Fact]
    public async Task Picture_is_a_request_with_a_job_with_batches_with_calls()
    {
        using var spans = new SpanCapture();
        await using var server = await RealServer.StartAsync();
        var caller = SpanCapture.Caller();
        var answer = await server.PostAsync(
            """{"prompt":"canaryspan1177","negative_prompt":"canaryspan2288","steps":4,"seed":7,"upscale":null}""", SpanCapture.TextOf(caller));

        var request = await spans.OneAsync(caller.TraceId, Request);
        var job = await spans.OneAsync(caller.TraceId, "job ");
        Assert.Equal(caller.SpanId, request.ParentSpanId);
        Assert.Equal(("job txt2img", request.SpanId, ActivityStatusCode.Unset), (job.OperationName, job.ParentSpanId, job.Status));
        var tags = job.TagObjects.ToDictionary();
        Assert.Equal(("generate_content", "image", "darkroom"),
            (tags["gen_ai.operation.name"], tags["gen_ai.output.type"], tags["gen_ai.provider.name"]));
        Assert.Equal(("starter", 7L, 1), (tags["gen_ai.request.model"], tags["gen_ai.request.seed"], tags["gen_ai.request.choice.count"]));
        Assert.Equal(((string?)answer["id"], "succeeded", 1), (tags["darkroom.job.id"], tags["darkroom.job.outcome"], tags["darkroom.job.attempt"]));

        var batches = spans.Of(caller.TraceId, "batch ");
        Assert.All(batches, batch => Assert.Equal((job.SpanId, job.Context), (batch.ParentSpanId, Assert.Single(batch.Links).Context)));
        Assert.Equal(4, batches.Count(batch => batch.OperationName == "batch denoise"));
        Assert.Single(batches, batch => batch.OperationName == "batch vae_decode");
        var calls = spans.Of(caller.TraceId, "call ");
        Assert.Equal(4, calls.Count(call => call.OperationName == "call unet"));
        Assert.All(calls, call => Assert.Contains(call.ParentSpanId, batches.Select(batch => batch.SpanId)));
        foreach (var part in (string[])["encode picture", "store picture"])
            Assert.Equal(job.SpanId, Assert.Single(spans.Of(caller.TraceId, part)).ParentSpanId);
        var told = spans.Of(caller.TraceId).SelectMany(span => span.TagObjects).Select(tag => $"{tag.Key}={tag.Value}");
        Assert.DoesNotContain("canaryspan", string.Join(' ', told));
    }

    [Fact]
    public async Task Batch_links_to_every_job_in_it()
    {
        using var spans = new SpanCapture();
        await using var server = await RealServer.StartAsync(("Darkroom:Engine:Target", "throughput"));
        using (await server.Client.PostAsync("/v1/queue/pause", null)) { }
        var (one, other) = (SpanCapture.Caller(), SpanCapture.Caller());
        foreach (var caller in (ActivityContext[])[one, other])
            await server.PostAsync("""{"prompt":"a fox","steps":6,"upscale":null}""", SpanCapture.TextOf(caller), waits: false);
        using (await server.Client.PostAsync("/v1/queue/resume", null)) { }

        var first = await spans.OneAsync(one.TraceId, "job ");
        var second = await spans.OneAsync(other.TraceId, "job ");
        var shared = spans.LinkedTo(first).Intersect(spans.LinkedTo(second)).ToList();
        Assert.Contains(shared, batch => batch.OperationName == "batch denoise");
        // It can stand in one trace alone: that of the job in it that came first.
        Assert.All(shared, batch => Assert.Contains(batch.ParentSpanId, (ActivitySpanId[])[first.SpanId, second.SpanId]));
        Assert.All(shared, batch => Assert.Equal(2, batch.Links.Count()));
    }

    [Fact]
    public async Task Job_that_another_process_takes_up_goes_on_in_its_trace()
    {
        using var spans = new SpanCapture();
        var data = Directory.CreateTempSubdirectory("darkroom-data-").FullName;
        (string, string)[] settings = [("Darkroom:Store", "sqlite"), ("Darkroom:DataPath", data)];
        var caller = SpanCapture.Caller();
        await using (var server = await RealServer.StartAsync(settings))
        {
            using (await server.Client.PostAsync("/v1/queue/pause", null)) { }
            await server.PostAsync("""{"prompt":"a fox","steps":2,"upscale":null}""", SpanCapture.TextOf(caller), waits: false);
        }
        Assert.Empty(spans.Of(caller.TraceId, "job "));
        await using (var server = await RealServer.StartAsync(settings))
        {
            using (await server.Client.PostAsync("/v1/queue/resume", null)) { }
            var job = await spans.OneAsync(caller.TraceId, "job ");
            Assert.Equal((await spans.OneAsync(caller.TraceId, Request)).SpanId, job.ParentSpanId);
            Assert.True(job.HasRemoteParent);
        }
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task Lines_of_the_log_name_the_trace_they_belong_to()
    {
        using var spans = new SpanCapture();
        await using var server = await RealServer.StartAsync();
        var caller = SpanCapture.Caller();
        await server.PostAsync("""{"prompt":"a fox","steps":1,"upscale":null}""", SpanCapture.TextOf(caller));
        var request = await spans.OneAsync(caller.TraceId, Request);
        await server.Log.TellsAsync("\"Route\":\"/v1/txt2img\"");
        var line = Assert.Single(server.Log.Lines, line => line.Contains("\"Route\":\"/v1/txt2img\"", StringComparison.Ordinal));
        Assert.Contains($"\"@tr\":\"{caller.TraceId}\"", line);
        Assert.Contains($"\"@sp\":\"{request.SpanId}\"", line);
    }
}

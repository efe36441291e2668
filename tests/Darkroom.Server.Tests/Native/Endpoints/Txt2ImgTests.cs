using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

public sealed class Txt2ImgTests
{
    [Fact]
    public async Task A_prompt_gives_pictures_with_all_that_was_used()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":"red apple","count":2,"seed":42}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var answer = await response.JsonAsync();
        Assert.Equal(
            ["id", "task", "status", "created_at", "started_at", "finished_at", "model", "parameters", "images", "warnings", "timings"],
            answer.Select(property => property.Key));
        Assert.Equal(("txt2img", "succeeded", "starter"), ((string?)answer["task"], (string?)answer["status"], (string?)answer["model"]));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string?)answer["created_at"]);
        Assert.Equal(ScriptedModels.Hash, (string?)answer["parameters"]!["model_hash"]);

        var images = answer["images"]!.AsArray();
        Assert.Equal(2, images.Count);
        var second = images[1]!.AsObject();
        Assert.Equal(["index", "seed", "width", "height", "format", "bytes", "sha256", "url", "data"], second.Select(property => property.Key));
        Assert.Equal("picture 1 of seed 42", Encoding.ASCII.GetString(Convert.FromBase64String((string)second["data"]!)));
        Assert.Equal(43, (long?)second["seed"]);
        Assert.Equal(["queued_ms", "encode_ms", "denoise_ms", "decode_ms", "total_ms", "steps", "mean_batch"],
            answer["timings"]!.AsObject().Select(property => property.Key));
    }

    [Fact]
    public async Task Parameters_posted_again_ask_for_the_same()
    {
        await using var server = await RunningServer.StartAsync();
        using var first = await server.PostAsync(
            """
            {"prompt":"red \ud83c\udf4e","negative_prompt":"blur","width":96,"steps":7,
             "guidance_scale":3.25,"guidance_rescale":0.7,"guidance_interval":[0.1,0.9],
             "sampler":"dpmpp_2m","schedule":"karras","count":3,"noise_source":"torch_cuda",
             "format":"webp","quality":55,"metadata":false,"priority":"low","deadline":60.5,"return":"url"}
            """);
        var parameters = (await first.JsonAsync())["parameters"]!.AsObject();
        using var second = await server.PostAsync(parameters);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(parameters.ToJsonString(), (await second.JsonAsync())["parameters"]!.ToJsonString());
        Assert.Equal(server.Queue.Asked.First(), server.Queue.Asked.Last());
        Assert.Equal(1234, (long?)parameters["seed"]);

        using var silent = await server.PostAsync("""{"prompt":""}""");
        parameters = (await silent.JsonAsync())["parameters"]!.AsObject();
        using var again = await server.PostAsync(parameters);
        Assert.Equal(parameters.ToJsonString(), (await again.JsonAsync())["parameters"]!.ToJsonString());
    }

    [Fact]
    public async Task With_return_url_the_pictures_are_addresses()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":"","return":"url"}""");
        var image = (await response.JsonAsync())["images"]![0]!.AsObject();
        Assert.False(image.ContainsKey("data"));
        Assert.Equal("picture 0 of seed 1234", await server.Client.GetStringAsync((string)image["url"]!));
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("image/jpeg")]
    [InlineData("image/webp")]
    public async Task A_caller_who_accepts_a_picture_gets_its_bytes(string mediaType)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":"","seed":42}""", mediaType);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("42", response.Headers.GetValues("X-Seed").Single());
        Assert.Equal(32, response.Headers.GetValues("X-Job-Id").Single().Length);
        Assert.Equal("picture 0 of seed 42", await response.Content.ReadAsStringAsync());
        var location = response.Content.Headers.ContentLocation!;
        Assert.Equal("picture 0 of seed 42", await server.Client.GetStringAsync(location));
        Assert.Equal(mediaType, "image/" + server.Queue.Asked.Single().Format.ToString().ToLowerInvariant());
    }

    [Fact]
    public async Task What_was_changed_is_said()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":"","sampler":"euler","eta":1}""");
        Assert.StartsWith("eta was left out", (string?)(await response.JsonAsync())["warnings"]![0]);
    }

    [Fact]
    public async Task Bad_requests_get_their_problem_and_the_next_one_its_picture()
    {
        await using var server = await RunningServer.StartAsync();
        async Task Refused(string json, int status, string slug, string? accept = null)
        {
            using var response = await server.PostAsync(json, accept);
            await response.ProblemAsync(status, slug);
        }

        await Refused("a fox", 400, "invalid_json");
        await Refused("", 400, "invalid_json");
        await Refused("""{"prompt":"a fox""", 400, "invalid_json");
        await Refused("""{"prompt":"a fox"} {}""", 400, "invalid_json");
        await Refused(new string('[', 200) + new string(']', 200), 400, "invalid_json");
        await Refused("""["a fox"]""", 422, "invalid_request");
        await Refused("""{"prompt":"","model":"nothing"}""", 404, "model_not_found");
        await Refused("""{"prompt":""}""", 406, "not_acceptable", "text/html");
        await Refused("""{"prompt":"","format":"png"}""", 422, "invalid_request", "image/webp");
        await Refused($$"""{"prompt":"{{new string('a', 1024 * 1024)}}"}""", 413, "too_large");
        await Refused($$"""{"prompt":"{{new string('a', 9 * 1024 * 1024)}}"}""", 413, "too_large");
        await Refused($$"""{"prompt":"{{new string('a', 5000)}}"}""", 422, "invalid_request");

        using var fine = await server.PostAsync("""{"prompt":"a fox"}""");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
        Assert.Single(server.Queue.Asked);
    }

    [Fact]
    public async Task A_body_without_a_length_is_bounded_too()
    {
        await using var server = await RunningServer.StartAsync();
        async Task<HttpResponseMessage> Chunked(int length)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img")
                { Content = new StringContent($$"""{"prompt":"","model_hash":null{{new string(' ', length)}}}""", Encoding.UTF8, "application/json") };
            request.Headers.TransferEncodingChunked = true;
            return await server.Client.SendAsync(request);
        }

        using var large = await Chunked(300_000);
        await large.ProblemAsync(413, "too_large");
        using var fine = await Chunked(200_000);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task Faults_name_field_message_value_and_limit()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.PostAsync("""{"prompt":"","width":65,"steps":0}""");
        var problem = await response.ProblemAsync(422, "invalid_request");
        Assert.Equal(["steps", "width"], problem.FaultyFields());
        Assert.Contains(
            """{"field":"width","message":"width must be 16…96, multiple of 16 for model 'starter'.","value":65,"limit":"16…96, multiple of 16"}""",
            await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("text/plain", 415, "unsupported_media_type")]
    [InlineData("application/x-www-form-urlencoded", 415, "unsupported_media_type")]
    [InlineData("application/json; charset=utf-16", 415, "unsupported_media_type")]
    [InlineData("multipart/form-data; boundary=x", 400, "invalid_multipart")]
    [InlineData("", 415, "unsupported_media_type")]
    public async Task A_content_type_that_the_body_is_not_is_refused(string type, int status, string slug)
    {
        await using var server = await RunningServer.StartAsync();
        var content = new ByteArrayContent("""{"prompt":""}"""u8.ToArray());
        if (type.Length > 0) content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await server.Client.PostAsync("/v1/txt2img", content);
        await response.ProblemAsync(status, slug);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_not_json_and_a_byte_order_mark_is_no_matter()
    {
        await using var server = await RunningServer.StartAsync();
        async Task<HttpResponseMessage> Post(params byte[][] parts)
        {
            var content = new ByteArrayContent([.. parts.SelectMany(part => part)]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return await server.Client.PostAsync("/v1/txt2img", content);
        }

        using var broken = await Post("{\"prompt\":\""u8.ToArray(), [0xC3, 0x28], "\"}"u8.ToArray());
        await broken.ProblemAsync(400, "invalid_json");
        using var marked = await Post([0xEF, 0xBB, 0xBF], "{\"prompt\":\"\"}"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, marked.StatusCode);
    }

    [Theory]
    [InlineData(JobFailureKind.ModelUnavailable, 503, "model_failed")]
    [InlineData(JobFailureKind.NonFinite, 500, "non_finite_output")]
    [InlineData(JobFailureKind.GraphMismatch, 500, "graph_mismatch")]
    [InlineData(JobFailureKind.OutOfMemory, 503, "not_enough_memory")]
    [InlineData(JobFailureKind.ShuttingDown, 503, "shutting_down")]
    [InlineData(JobFailureKind.WorkerCrashed, 500, "worker_crashed")]
    [InlineData(JobFailureKind.Internal, 500, "internal_error")]
    public async Task A_failed_job_is_told_by_its_kind(JobFailureKind kind, int status, string slug)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Failure = new(kind, "It did not work out.");
        using var response = await server.PostAsync("""{"prompt":""}""");
        var problem = await response.ProblemAsync(status, slug);
        Assert.Equal("It did not work out.", (string?)problem["detail"]);
        Assert.Equal(response.Headers.GetValues("X-Job-Id").Single(), (string?)problem["job_id"]);
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task A_job_past_its_deadline_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Expires = true;
        using var response = await server.PostAsync("""{"prompt":"","deadline":1}""");
        await response.ProblemAsync(503, "deadline_expired");
    }

    [Fact]
    public async Task A_refused_admission_says_when_to_come_back()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Refusal = new Admission.QueueFull(256, TimeSpan.FromSeconds(7.2));
        using var full = await server.PostAsync("""{"prompt":""}""");
        await full.ProblemAsync(503, "queue_full");
        Assert.Equal(TimeSpan.FromSeconds(8), full.Headers.RetryAfter!.Delta);

        server.Queue.Refusal = new Admission.TooLarge(8L << 30, 4L << 30);
        using var large = await server.PostAsync("""{"prompt":""}""");
        Assert.Contains("8192 MiB", (string?)(await large.ProblemAsync(422, "invalid_request"))["detail"]);

        server.Queue.Refusal = new Admission.TooLarge(8L << 30, 4L << 30) { Wanted = (2048, 1024), Fits = (1024, 512) };
        using var wide = await server.PostAsync("""{"prompt":""}""");
        var errors = (await wide.ProblemAsync(422, "invalid_request"))["errors"]!.AsArray();
        Assert.Equal(["width", "height"], errors.Select(error => (string?)error!["field"]));
        Assert.Equal((2048, "at most 1024 with a height of 512"), ((int?)errors[0]!["value"], (string?)errors[0]!["limit"]));

        server.Queue.Refusal = new Admission.ShuttingDown();
        using var closing = await server.PostAsync("""{"prompt":""}""");
        await closing.ProblemAsync(503, "shutting_down");
    }

    [Fact]
    public async Task A_caller_who_hangs_up_cancels_the_job()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var leave = new CancellationTokenSource();
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img")
            { Content = new StringContent("""{"prompt":""}""", Encoding.UTF8, "application/json") };
        var pending = server.Client.SendAsync(request, leave.Token);
        await Until(() => !server.Queue.Asked.IsEmpty);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await Until(() => server.Queue.Cancelled.Count == 1);
        await Until(() => server.Log.All.Contains("the caller left", StringComparison.Ordinal));
        Assert.DoesNotContain("\"@l\":\"Error\"", server.Log.All);
    }

    [Fact]
    public async Task A_cancelled_job_is_a_conflict_for_the_caller_who_waits()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        var pending = server.PostAsync("""{"prompt":""}""");
        await Until(() => !server.Queue.Asked.IsEmpty);
        var id = 1.ToString("x32");
        using var cancelled = await server.Client.DeleteAsync($"/v1/jobs/{id}");
        Assert.Equal("cancelled", (string?)(await cancelled.JsonAsync())["status"]);
        using var response = await pending;
        await response.ProblemAsync(409, "job_cancelled");
    }

    internal static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 500 && !condition(); i++) await Task.Delay(10);
        Assert.True(condition());
    }
}

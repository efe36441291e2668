using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Diffusion.Guidance;
using Darkroom.Engine.Artifacts;
using Darkroom.Engine.Jobs;
using Darkroom.Engine.Queue;
using Darkroom.Imaging;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>Every task, as JSON and as a form, good and bad.</summary>
public sealed class PictureTaskTests
{
    private static readonly string[] Tasks = ["img2img", "inpaint", "outpaint", "upscale"];
    private static readonly string[] Kinds = ["json", "data", "form"];

    public static IEnumerable<TheoryDataRow<string, string>> TasksAndKinds() =>
        from task in (string[])["txt2img", .. Tasks] from kind in Kinds select new TheoryDataRow<string, string>(task, kind);

    public static IEnumerable<TheoryDataRow<string, string>> PictureTasksAndKinds() =>
        from task in Tasks from kind in Kinds select new TheoryDataRow<string, string>(task, kind);

    [Theory]
    [MemberData(nameof(TasksAndKinds))]
    public async Task A_task_is_answered_whatever_it_is_sent_as(string task, string kind)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).As(kind));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        var answer = JsonNode.Parse(text)!;
        Assert.Equal(task, (string?)answer["task"]);
        Assert.False(answer["parameters"]!.AsObject().ContainsKey("image"));
        var asked = server.Queue.Asked.Single();
        Assert.Equal(task, asked.Task.ToString().ToLowerInvariant());
        if (task == "txt2img") return;
        Assert.Equal((64, 64), (asked.Edit!.Picture.Width, asked.Edit.Picture.Height));
        Assert.Equal(TestPictures.Of(64, 64), server.Inputs.Held[asked.Edit.Picture.InputId]);
        Assert.Equal(task == "inpaint" ? TestPictures.Of(64, 64, 1) : null, asked.Edit.Mask is { } mask ? server.Inputs.Held[mask.Picture.InputId] : null);
    }

    [Theory]
    [MemberData(nameof(TasksAndKinds))]
    public async Task Parameters_sent_again_with_the_pictures_ask_for_the_same(string task, string kind)
    {
        await using var server = await RunningServer.StartAsync();
        using var first = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task, 70, 40).As(kind));
        var parameters = (await first.JsonAsync())["parameters"]!.AsObject();
        var again = TaskBody.Least(task, 70, 40);
        foreach (var (name, value) in parameters)
            if (value is null) again.With(name, null);
            else if (value.GetValueKind() == System.Text.Json.JsonValueKind.String) again.With(name, (string)value!);
            else again.With(name, value.ToJsonString() is var raw && bool.TryParse(raw, out var flag) ? flag : raw.StartsWith('[') || raw.StartsWith('{') ? raw
                : (double)value);
        using var second = await server.Client.PostAsync(again.Path, again.Json());
        Assert.Equal(parameters.ToJsonString(), (await second.JsonAsync())["parameters"]!.ToJsonString());
        var (one, two) = (server.Queue.Asked.First(), server.Queue.Asked.Last());
        Assert.Equal(Unkept(one), Unkept(two));
    }

    [Theory]
    [MemberData(nameof(PictureTasksAndKinds))]
    public async Task Bytes_that_are_no_picture_are_400_with_the_fields_name(string task, string kind)
    {
        await using var server = await RunningServer.StartAsync();
        var cut = TestPictures.Of(64, 64)[..^20];
        byte[] wrong = [.. TestPictures.Of(64, 64)];
        wrong[60] ^= 0xFF;
        foreach (var bad in (byte[][])["a fox"u8.ToArray(), "GIF89a"u8.ToArray(), cut, wrong])
        {
            using var response = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).With("image", bad).As(kind));
            Assert.Equal(["image"], (await response.ProblemAsync(400, "invalid_picture")).FaultyFields());
        }
        Assert.Empty(server.Inputs.Held);
        Assert.Empty(server.Queue.Asked);
    }

    [Theory]
    [MemberData(nameof(PictureTasksAndKinds))]
    public async Task A_picture_beyond_a_limit_is_told_with_the_limit(string task, string kind)
    {
        await using var server = await RunningServer.StartAsync();
        using var long_ = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).With("image", TestPictures.Of(8193, 1)).As(kind));
        var problem = await long_.ProblemAsync(422, "invalid_request");
        Assert.Contains("image", problem.FaultyFields());
        Assert.Contains("at most 8192", problem["errors"]!.ToJsonString());

        using var heavy = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).With("image", new byte[(32 << 20) + 1]).As(kind));
        Assert.Contains("image", (await heavy.ProblemAsync(413, "picture_too_large")).FaultyFields());
        Assert.Empty(server.Inputs.Held);
    }

    [Theory]
    [MemberData(nameof(PictureTasksAndKinds))]
    public async Task Every_fault_is_told_at_once(string task, string kind)
    {
        await using var server = await RunningServer.StartAsync();
        var body = TaskBody.Least(task).Without("image").With("quality", 101).With("priority", "urgent").With("colour", "red");
        using var response = await server.Client.PostAsync(body.Path, body.As(kind));
        Assert.Equal(["colour", "image", "priority", "quality"], (await response.ProblemAsync(422, "invalid_request")).FaultyFields().Order());
    }

    [Theory]
    [InlineData("quality", "ninety", "quality must be a whole number, not a string.")]
    [InlineData("quality", "90 ", "quality must be a whole number, not a string.")]
    [InlineData("quality", "0x10", "quality must be a whole number, not a string.")]
    [InlineData("quality", "", "quality must be a whole number, not a string.")]
    [InlineData("quality", "1.5", "quality must be a whole number.")]
    [InlineData("quality", "[1]", "quality must be a whole number, not an array.")]
    [InlineData("metadata", "yes", "metadata must be true or false, not a string.")]
    [InlineData("metadata", "1", "metadata must be true or false, not a number.")]
    [InlineData("guidance_interval", "0,1", "guidance_interval must be an array of two numbers, not a string.")]
    [InlineData("eta", "NaN", "eta must be a number, not a string.")]
    [InlineData("strength", "1,5", "strength must be a number, not a string.")]
    public async Task Values_of_a_form_are_read_as_strictly_as_json(string name, string value, string message)
    {
        await using var server = await RunningServer.StartAsync();
        var form = (MultipartFormDataContent)TaskBody.Least("img2img").Form();
        form.Add(new StringContent(value), name);
        using var response = await server.Client.PostAsync("/v1/img2img", form);
        Assert.Equal(message, (string?)(await response.ProblemAsync(422, "invalid_request"))["errors"]![0]!["message"]);
    }

    [Theory]
    [InlineData("True", true)]
    [InlineData("FALSE", false)]
    [InlineData("false", false)]
    public async Task A_flag_of_a_form_is_read_in_any_case(string value, bool metadata)
    {
        await using var server = await RunningServer.StartAsync();
        var form = (MultipartFormDataContent)TaskBody.Least("txt2img").Form();
        form.Add(new StringContent(value), "metadata");
        using var response = await server.Client.PostAsync("/v1/txt2img", form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(metadata, server.Queue.Asked.Single().Metadata);
    }

    [Fact]
    public async Task A_forms_texts_stand_as_they_are()
    {
        await using var server = await RunningServer.StartAsync();
        var body = new TaskBody("txt2img").With("prompt", "123").With("negative_prompt", "null").With("seed", 7).With("metadata", false)
            .With("guidance_interval", "[0.25,1]");
        using var response = await server.Client.PostAsync(body.Path, body.Form());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var asked = server.Queue.Asked.Single();
        Assert.Equal(("123", "null", 7L, false, new GuidanceInterval(0.25, 1)),
            (asked.Prompt, asked.NegativePrompt, asked.Seed, asked.Metadata, asked.GuidanceInterval));
    }

    [Fact]
    public async Task A_part_given_twice_and_a_text_sent_as_a_file_are_refused_by_name()
    {
        await using var server = await RunningServer.StartAsync();
        var form = (MultipartFormDataContent)TaskBody.Least("img2img").Form();
        form.Add(new ByteArrayContent(TestPictures.Of(64, 64)), "image", "second.png");
        form.Add(new StringContent("5"), "steps");
        form.Add(new StringContent("6"), "steps");
        form.Add(new StringContent("7"), "seed", "seed.txt");
        using var response = await server.Client.PostAsync("/v1/img2img", form);
        Assert.Equal(["image", "seed", "steps"], (await response.ProblemAsync(422, "invalid_request")).FaultyFields().Order());
    }

    [Theory]
    [InlineData("", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n\r\n--x--")]
    [InlineData("x", "")]
    [InlineData("x", "no boundary here")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na fox")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n--x")]
    [InlineData("x", "--x\r\n\r\na fox\r\n--x--")]
    [InlineData("x", "--x\r\n--x--")]
    [InlineData("x", "--xyz\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n--x--")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"steps\"\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na fox\r\n--x--")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\nContent-Type: text/plain; charset=utf-16\r\n\r\na fox\r\n--x--")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data\r\n\r\na fox\r\n--x--")]
    [InlineData("x", "--x\r\nContent-Disposition: attachment; name=\"prompt\"\r\n\r\na fox\r\n--x--")]
    [InlineData("x", "--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\nContent-Transfer-Encoding: base64\r\n\r\nYQ==\r\n--x--")]
    [InlineData("x", "--x\r\nnonsense\r\n\r\na fox\r\n--x--")]
    public async Task A_body_that_is_no_form_is_400(string boundary, string form)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await PostFormAsync(server, boundary, form);
        await response.ProblemAsync(400, "invalid_multipart");
    }

    [Fact]
    public async Task A_forms_bounds_are_held()
    {
        await using var server = await RunningServer.StartAsync();
        static string Part(string name, string headers = "") => $"--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{headers}\r\na\r\n";
        using var many = await PostFormAsync(server, "x", string.Concat(Enumerable.Range(0, 129).Select(i => Part("field" + i))) + "--x--");
        Assert.Contains("128 parts", (string?)(await many.ProblemAsync(400, "invalid_multipart"))["detail"]);
        using var wide = await PostFormAsync(server, "x", Part("prompt", $"X: {new string('a', 5000)}\r\n") + "--x--");
        Assert.Contains("4096 bytes", (string?)(await wide.ProblemAsync(400, "invalid_multipart"))["detail"]);
        using var tall = await PostFormAsync(server, "x", Part("prompt", string.Concat(Enumerable.Range(0, 20).Select(i => $"X-{i}: a\r\n"))) + "--x--");
        Assert.Contains("16 headers", (string?)(await tall.ProblemAsync(400, "invalid_multipart"))["detail"]);
        using var boundary = await PostFormAsync(server, new string('x', 71), "");
        Assert.Contains("70 characters", (string?)(await boundary.ProblemAsync(400, "invalid_multipart"))["detail"]);
        using var heavy = await PostFormAsync(server, "x", Part(new string('a', 300_000)));
        await heavy.ProblemAsync(413, "too_large");
        using var fine = await PostFormAsync(server, "x", "preamble\r\n" + Part("prompt", "Content-Type: text/plain; charset=utf-8\r\n") + "--x--\r\nepilogue");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_its_cap_is_413_with_the_cap()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.Client.PostAsync("/v1/img2img",
            new StringContent(new string(' ', (64 << 20) + 1), Encoding.UTF8, "application/json"));
        Assert.Contains("64 MiB", (string?)(await response.ProblemAsync(413, "too_large"))["detail"]);
    }

    [Theory]
    [InlineData("img2img")]
    [InlineData("inpaint")]
    [InlineData("upscale")]
    public async Task Pictures_of_a_request_that_is_not_admitted_are_let_go(string task)
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Refusal = new Admission.QueueFull(256, TimeSpan.FromSeconds(7));
        using var full = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).Form());
        await full.ProblemAsync(503, "queue_full");
        Assert.Empty(server.Inputs.Held);

        (server.Queue.Refusal, server.Queue.Throws) = (null, _ => new InvalidOperationException());
        using var broken = await server.Client.PostAsync("/v1/" + task, TaskBody.Least(task).Form());
        await broken.ProblemAsync(500, "internal_error");
        Assert.Empty(server.Inputs.Held);
    }

    [Fact]
    public async Task A_full_store_is_503_and_keeps_nothing_of_the_request()
    {
        await using var server = await RunningServer.StartAsync();
        server.Inputs.Room = 1;
        using var response = await server.Client.PostAsync("/v1/inpaint", TaskBody.Least("inpaint").Json());
        await response.ProblemAsync(503, "inputs_full");
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Empty(server.Inputs.Held);
    }

    [Fact]
    public async Task A_full_disk_is_507_whether_it_has_no_room_for_what_is_sent_or_for_what_is_made()
    {
        await using var server = await RunningServer.StartAsync();
        (server.Inputs.Room, server.Inputs.Refusal) = (1, new InputAdded.DiskFull());
        using var sent = await server.Client.PostAsync("/v1/inpaint", TaskBody.Least("inpaint").Json());
        await sent.ProblemAsync(507, "disk_full");
        Assert.NotNull(sent.Headers.RetryAfter);
        Assert.Empty(server.Inputs.Held);

        server.Queue.Failure = new(JobFailureKind.DiskFull, "There is no space.");
        using var made = await server.PostAsync("""{"prompt":""}""");
        await made.ProblemAsync(507, "disk_full");
        Assert.NotNull(made.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_caller_who_accepts_a_picture_gets_its_bytes()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var task in Tasks)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/" + task)
                { Content = TaskBody.Least(task).Form(), Headers = { { "Accept", "image/webp" } } };
            using var response = await server.Client.SendAsync(request);
            Assert.Equal("image/webp", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(PictureFormat.Webp, server.Queue.Asked.Last().Format);
        }
    }

    private static GenerationRequest Unkept(GenerationRequest request) => request.Edit is not { } edit ? request : request with
    {
        Edit = edit with { Picture = edit.Picture with { InputId = "" }, Mask = edit.Mask is { } mask ? mask with
            { Picture = mask.Picture with { InputId = "" } } : null },
    };

    private static Task<HttpResponseMessage> PostFormAsync(RunningServer server, string boundary, string form)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(form));
        content.Headers.TryAddWithoutValidation("Content-Type", boundary.Length == 0 ? "multipart/form-data" : $"multipart/form-data; boundary={boundary}");
        return server.Client.PostAsync("/v1/txt2img", content);
    }
}

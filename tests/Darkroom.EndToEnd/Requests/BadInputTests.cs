using System.Net.Sockets;
using System.Text;

namespace Darkroom.EndToEnd.Requests;

/// <summary>Whatever is sent: the right problem, the process alive, the next request fine.</summary>
public sealed class BadInputTests(StarterServer server) : IClassFixture<StarterServer>, IAsyncLifetime
{
    private const string Good = """{ "prompt": "canary", "seed": 3, "steps": 1, "guidance_scale": 1 }""";

    private static readonly string[] EveryField =
    [
        "prompt", "negative_prompt", "width", "height", "steps", "guidance_scale", "guidance_rescale", "guidance_interval", "sampler", "schedule", "eta",
        "seed", "variation_seed", "variation_strength", "seed_resize", "noise_seed_offset", "s_churn", "s_tmin", "s_tmax", "s_noise",
        "count", "noise_source", "clip_skip", "prompt_style", "compatibility", "format", "quality", "metadata", "upscale", "return", "priority", "deadline",
        "preview_every",
    ];

    public ValueTask InitializeAsync() => default;

    /// <summary>After each test: the same process answers, and makes the same picture.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.False(server.Process.HasExited, server.Process.Output);
        Assert.Single((await server.Client.PostAsync(Good)).Pictures());
    }

    [Theory]
    [InlineData("", 400, "invalid_json")]
    [InlineData("   ", 400, "invalid_json")]
    [InlineData("canary", 400, "invalid_json")]
    [InlineData("{ \"prompt\": \"canary\"", 400, "invalid_json")]
    [InlineData("{ \"prompt\": \"canary\" } canary", 400, "invalid_json")]
    [InlineData("{ \"prompt\": \"canary\", }", 400, "invalid_json")]
    [InlineData("{ 'prompt': 'canary' }", 400, "invalid_json")]
    [InlineData("{ \"prompt\": \"canary\0\" }", 400, "invalid_json")]
    [InlineData("{ \"prompt\": \"canary\", \"steps\": NaN }", 400, "invalid_json")]
    [InlineData("prompt=canary&steps=3", 400, "invalid_json")]
    [InlineData("{ \"prompt\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 400, "invalid_json")]
    [InlineData("[]", 422, "invalid_request", "")]
    [InlineData("null", 422, "invalid_request", "")]
    [InlineData("\"canary\"", 422, "invalid_request", "")]
    [InlineData("{}", 422, "invalid_request", "prompt")]
    [InlineData("{ \"prompt\": null }", 422, "invalid_request", "prompt")]
    [InlineData("{ \"prompt\": [\"canary\"] }", 422, "invalid_request", "prompt")]
    [InlineData("{ \"prompt\": \"canary\\u0000\" }", 422, "invalid_request", "prompt")]
    [InlineData("{ \"prompt\": \"canary\", \"negative_prompt\": \"canary\\u0000\" }", 422, "invalid_request", "negative_prompt")]
    [InlineData("{ \"prompt\": \"canary\", \"prompt\": \"canary\" }", 422, "invalid_request", "prompt")]
    [InlineData("{ \"prompt\": \"canary\", \"Steps\": 3 }", 422, "invalid_request", "Steps")]
    [InlineData("{ \"prompt\": \"canary\", \"stepz\": 3, \"foo\": {} }", 422, "invalid_request", "stepz", "foo")]
    [InlineData("{ \"prompt\": \"canary\", \"width\": 65 }", 422, "invalid_request", "width")]
    [InlineData("{ \"prompt\": \"canary\", \"width\": 0, \"height\": -16 }", 422, "invalid_request", "width", "height")]
    [InlineData("{ \"prompt\": \"canary\", \"width\": 1000000000 }", 422, "invalid_request", "width")]
    [InlineData("{ \"prompt\": \"canary\", \"width\": 64.5, \"height\": 1e400 }", 422, "invalid_request", "width", "height")]
    [InlineData("{ \"prompt\": \"canary\", \"steps\": 0 }", 422, "invalid_request", "steps")]
    [InlineData("{ \"prompt\": \"canary\", \"steps\": 1000000 }", 422, "invalid_request", "steps")]
    [InlineData("{ \"prompt\": \"canary\", \"steps\": \"20\" }", 422, "invalid_request", "steps")]
    [InlineData("{ \"prompt\": \"canary\", \"seed\": -2 }", 422, "invalid_request", "seed")]
    [InlineData("{ \"prompt\": \"canary\", \"seed\": 9007199254740992 }", 422, "invalid_request", "seed")]
    [InlineData("{ \"prompt\": \"canary\", \"seed\": 9007199254740991, \"count\": 2 }", 422, "invalid_request", "seed")]
    [InlineData("{ \"prompt\": \"canary\", \"seed\": 99999999999999999999999999 }", 422, "invalid_request", "seed")]
    [InlineData("{ \"prompt\": \"canary\", \"sampler\": \"eulerr\" }", 422, "invalid_request", "sampler")]
    [InlineData("{ \"prompt\": \"canary\", \"schedule\": \"karas\" }", 422, "invalid_request", "schedule")]
    [InlineData("{ \"prompt\": \"canary\", \"sampler\": \"ddim\", \"schedule\": \"karras\" }", 422, "invalid_request", "schedule")]
    [InlineData("{ \"prompt\": \"canary\", \"sampler\": \"euler\", \"schedule\": \"lcm\" }", 422, "invalid_request", "schedule")]
    [InlineData("{ \"prompt\": \"canary\", \"guidance_interval\": [0.8, 0.2] }", 422, "invalid_request", "guidance_interval")]
    [InlineData("{ \"prompt\": \"canary\", \"model\": \"no-such-model\" }", 404, "model_not_found")]
    [InlineData("{ \"prompt\": \"canary\", \"model\": \"../starter\" }", 404, "model_not_found")]
    [InlineData("{ \"prompt\": \"canary\", \"clip_skip\": 11 }", 422, "invalid_request", "clip_skip")]
    [InlineData("{ \"prompt\": \"canary\", \"upscale\": { \"model\": \"x\", \"scale\": 4 } }", 422, "invalid_request", "upscale.model")]
    public async Task A_bad_body_is_told_what_is_wrong_with_it(string body, int status, string slug, params string[] fields)
    {
        var problem = (await server.Client.PostAsync(body)).Problem(status, slug);
        string[] named = problem.TryGetProperty("errors", out var errors)
            ? [.. errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()!)] : [];
        Assert.Equal(fields, named);
        Assert.DoesNotContain(StarterServer.Canary, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Every_field_out_of_range_is_named_at_once()
    {
        string wrong = $$"""
            { "prompt": "{{new string('c', 4097)}}", "negative_prompt": "{{new string('c', 4097)}}",
              "width": 65, "height": 1000000000, "steps": 151, "guidance_scale": 30.5,
              "guidance_rescale": -1, "guidance_interval": [0, 2], "sampler": "none", "schedule": "none",
              "eta": 1.5, "seed": -2, "variation_seed": -2, "variation_strength": 2, "seed_resize": [1, 1], "noise_seed_offset": -1,
              "s_churn": -1, "s_tmin": -1, "s_tmax": 0, "s_noise": 3, "count": 9, "noise_source": "none",
              "clip_skip": 12, "prompt_style": "none", "compatibility": "none", "format": "gif", "quality": 0,
              "metadata": "yes", "upscale": 4, "return": "none",
              "priority": "none", "deadline": 0, "preview_every": -1 }
            """;
        var errors = (await server.Client.PostAsync(wrong)).Problem(422, "invalid_request").GetProperty("errors").EnumerateArray().ToArray();
        Assert.Equal(EveryField.Order(), errors.Select(error => error.GetProperty("field").GetString()!).Distinct().Order());
        Assert.All(errors, error => Assert.NotEmpty(error.GetProperty("limit").GetString()!));
    }

    [Fact]
    public async Task Every_field_of_a_wrong_type_is_named_at_once()
    {
        string body = "{" + string.Join(',', EveryField.Select(field => $"\"{field}\": {(field == "upscale" ? "true" : "{}")}")) + "}";
        var errors = (await server.Client.PostAsync(body)).Problem(422, "invalid_request").GetProperty("errors").EnumerateArray();
        Assert.Equal(EveryField.Order(), errors.Select(error => error.GetProperty("field").GetString()!).Order());
    }

    [Fact]
    public async Task A_prompt_of_a_megabyte_is_too_large()
    {
        var words = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("canary ", 150_000)));
        (await server.Client.PostAsync((byte[])[.. "{ \"prompt\": \""u8, .. words, .. "\" }"u8])).Problem(413, "too_large");
        (await server.Client.PostAsync((byte[])[.. "{ \"prompt\": \""u8, .. words.AsSpan(0, 200_000), .. "\" }"u8])).Problem(422, "invalid_request");
        (await server.Client.PostAsync(new byte[9 << 20])).Problem(413, "too_large");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused_and_lone_surrogates_replaced()
    {
        foreach (byte[] bytes in (byte[][])[[0xED, 0xA0, 0x80], [0xC0, 0x80], [0xFF], [0xF4, 0x90, 0x80, 0x80]])
            (await server.Client.PostAsync((byte[])[.. "{ \"prompt\": \"canary"u8, .. bytes, .. "\" }"u8])).Problem(400, "invalid_json");
        (await server.Client.PostAsync(Encoding.Unicode.GetBytes(Good))).Problem(400, "invalid_json");

        var replaced = await server.Client.PostAsync(
            """{ "prompt": "canary \ud83d and \udc00", "negative_prompt": "\ud83d\ud83d\ude00", "steps": 1, "seed": 1 }""");
        Assert.Single(replaced.Pictures());
        var used = replaced.Json.GetProperty("parameters");
        Assert.Equal("canary \uFFFD and \uFFFD", used.GetProperty("prompt").GetString());
        Assert.Equal("\uFFFD\U0001F600", used.GetProperty("negative_prompt").GetString());
    }

    [Theory]
    [InlineData("text/html", "application/json", 406, "not_acceptable")]
    [InlineData("image/gif", "application/json", 406, "not_acceptable")]
    [InlineData("canary", "application/json", 406, "not_acceptable")]
    [InlineData("application/json", null, 415, "unsupported_media_type")]
    [InlineData("application/json", "text/plain", 415, "unsupported_media_type")]
    [InlineData("application/json", "application/x-www-form-urlencoded", 415, "unsupported_media_type")]
    [InlineData("application/json", "application/json; charset=utf-16", 415, "unsupported_media_type")]
    [InlineData("application/json", "multipart/form-data; boundary=x", 400, "invalid_multipart")]
    public async Task Headers_that_cannot_be_served_are_refused(string accept, string? contentType, int status, string slug) =>
        (await server.Client.PostAsync(Good, accept, contentType)).Problem(status, slug);

    [Theory]
    [InlineData("""{ "prompt": "canary", "count": 2 }""", "count")]
    [InlineData("""{ "prompt": "canary", "format": "webp" }""", "format")]
    [InlineData("""{ "prompt": "canary", "return": "url" }""", "return")]
    public async Task A_picture_as_the_answer_allows_one_picture_of_its_format(string body, string field)
    {
        var problem = (await server.Client.PostAsync(body, "image/png")).Problem(422, "invalid_request");
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateArray()).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/txt2img", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/canary", 404, "not_found")]
    [InlineData("GET", "/v1/images/canary", 404, "image_not_found")]
    [InlineData("GET", "/v1/images/..%2f..%2fappsettings.json", 404, "image_not_found")]
    [InlineData("GET", "/v1/jobs/canary", 404, "job_not_found")]
    [InlineData("DELETE", "/v1/jobs/0123456789abcdef0123456789abcdef", 404, "job_not_found")]
    [InlineData("GET", "/v1/models/canary", 404, "model_not_found")]
    public async Task An_address_without_anything_is_a_problem_too(string method, string path, int status, string slug) =>
        (await server.Client.FetchAsync(path, method: new HttpMethod(method))).Problem(status, slug);

    [Theory]
    [InlineData("canary\r\n\r\n", "400")]
    [InlineData("POST /v1/txt2img HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: canary\r\n\r\n", "400")]
    [InlineData("POST /v1/txt2img HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{ \"prompt\": \"canary", null)]
    [InlineData("POST /v1/txt2img HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\ncanary", "400")]
    public async Task A_connection_that_talks_no_HTTP_harms_nobody(string bytes, string? status)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync("127.0.0.1", server.Client.BaseAddress!.Port);
        await connection.GetStream().WriteAsync(Encoding.Latin1.GetBytes(bytes));
        if (status is null) return; // leaves in the middle of its body
        using var reader = new StreamReader(connection.GetStream());
        Assert.Contains(status, await reader.ReadLineAsync());
    }
}

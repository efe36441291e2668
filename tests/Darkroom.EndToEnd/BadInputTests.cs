using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Darkroom.EndToEnd;

/// <summary>Whatever is sent, the answer says what is wrong, the process lives, and the next request is fine.</summary>
public sealed class BadInputTests(SharedServer shared) : IClassFixture<SharedServer>
{
    public static TheoryData<string, string, int, string> Bodies => new()
    {
        { "not JSON", "{\"prompt\": ", 400, "" },
        { "an array", "[1]", 422, "" },
        { "wrong types", """{"prompt":5,"steps":"many","width":true}""", 422, "prompt,steps,width" },
        { "unknown fields", """{"prompt":"x","stepz":3,"foo":1}""", 422, "stepz,foo" },
        { "everything out of range", """{"prompt":"x","steps":0,"guidance_scale":31,"guidance_rescale":2,"eta":-1,"seed":-2,"count":9,"quality":0,"width":65,"height":1000000000,"deadline":-1}""",
            422, "steps,guidance_scale,guidance_rescale,eta,seed,count,quality,width,height,deadline" },
        { "a million steps", """{"prompt":"x","steps":1000000}""", 422, "steps" },
        { "no prompt", "{}", 422, "prompt" },
        { "NUL", "{\"prompt\":\"a\\u0000b\"}", 422, "prompt" },
        { "unknown sampler and schedule", """{"prompt":"x","sampler":"magic","schedule":"never"}""", 422, "sampler,schedule" },
        { "no meaning together", """{"prompt":"x","sampler":"ddim","schedule":"karras"}""", 422, "schedule" },
        { "unknown model", """{"prompt":"x","model":"nobody"}""", 404, "" },
        { "twice the same field", """{"prompt":"x","prompt":"y"}""", 422, "prompt" },
        { "very deep", "{\"prompt\":" + new string('[', 5000) + new string(']', 5000) + "}", 400, "" },
    };

    private ServerProcess Server => shared.Server;

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Bad_body_gets_a_problem_that_names_every_fault(string what, string body, int status, string fields)
    {
        var (answered, problem) = await SendAsync(body);
        Assert.True((int)answered == status, $"{what}: {(int)answered} {problem}");
        Assert.StartsWith("/problems/", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Equal(32, problem.GetProperty("request_id").GetString()!.Length);
        if (fields.Length > 0)
            Assert.Equal(fields.Split(',').Order(), problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!).Distinct().Order());
        await NextIsFineAsync();
    }

    [Fact]
    public async Task Prompt_of_a_megabyte_is_refused_and_one_of_the_longest_is_read()
    {
        var (large, _) = await SendAsync(JsonSerializer.Serialize(new { prompt = new string('a', 1 << 20) }));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large);
        var (longest, answer) = await SendAsync(JsonSerializer.Serialize(new { prompt = new string('a', 4096), steps = 1 }));
        Assert.Equal(HttpStatusCode.OK, longest);
        Assert.Contains("cut after 32 tokens", answer.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        var (longer, _) = await SendAsync(JsonSerializer.Serialize(new { prompt = new string('a', 4097) }));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, longer);
    }

    [Fact]
    public async Task Lone_surrogates_are_read_as_replacement_signs()
    {
        var (status, answer) = await SendAsync("{\"prompt\":\"fox \\ud800 den\",\"steps\":1}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("fox \ufffd den", answer.GetProperty("parameters").GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("text/html", 406)]
    [InlineData("image/gif", 406)]
    [InlineData("*/*", 200)]
    public async Task Accept_that_cannot_be_served_is_said(string accept, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/txt2img") { Content = Json("""{"prompt":"x","steps":1}""") };
        request.Headers.Accept.ParseAdd(accept);
        using var answer = await Server.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Address_that_does_not_exist_gets_a_problem_too()
    {
        using var answer = await Server.Client.GetAsync("/v1/nowhere");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
    }

    private async Task NextIsFineAsync()
    {
        var (status, answer) = await SendAsync("""{"prompt":"still here","steps":1}""");
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(string body)
    {
        using var answer = await Server.Client.PostAsync("/v1/txt2img", Json(body));
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
}

using System.Net;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Fields;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenAi;

/// <summary><c>POST /v1/images/generations</c>: what reaches the engine, and what comes back.</summary>
public sealed class GenerationsTests
{
    [Fact]
    public async Task A_prompt_alone_is_one_picture_with_the_models_own_values()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync("""{"prompt":"a fox"}""");
        var answer = await response.ImagesAsync();
        var asked = server.Queue.Asked.Single();
        Assert.Equal((GenerationTask.Txt2img, "starter", "a fox", 64, 64, 20, 1),
            (asked.Task, asked.Model, asked.Prompt, asked.Width, asked.Height, asked.Steps, asked.Count));
        var one = Assert.Single(answer["data"]!.AsArray())!;
        Assert.Equal("picture 0 of seed 1234", OpenAiCalls.Text(Convert.FromBase64String((string)one["b64_json"]!)));
        Assert.Equal(1234, (long)one["seed"]!);
        Assert.Equal(("opaque", "png", "64x64"), ((string?)answer["background"], (string?)answer["output_format"], (string?)answer["size"]));
        Assert.InRange((long)answer["created"]!, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60);
        Assert.Equal(1.ToString("x32"), response.Headers.GetValues("X-Job-Id").Single());
        Assert.False(answer.ContainsKey("usage")); // nobody counts tokens here
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public async Task More_pictures_than_a_native_request_may_have_are_one_job(int count)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync($$"""{"prompt":"a fox","n":{{count}},"seed":5}""");
        var data = (await response.ImagesAsync())["data"]!.AsArray();
        Assert.Equal(Enumerable.Range(5, count).Select(seed => (long)seed), data.Select(one => (long)one!["seed"]!));
        Assert.Equal(count, server.Queue.Asked.Single().Count);
        using var native = await server.PostAsync($$"""{"prompt":"a fox","count":{{count}}}""");
        Assert.Equal(["count"], (await native.ProblemAsync(422, "invalid_request")).FaultyFields());
    }

    [Fact]
    public async Task Who_names_a_size_gets_it_and_not_the_models_upscaling()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = server.Models.Models[0] with { Defaults = ModelDefaults.Parse("""{ "upscale": { "scale": 4 } }""") };
        foreach (string json in (string[])["""{"prompt":""}""", """{"prompt":"","size":"auto"}""", """{"prompt":"","size":null}"""])
        {
            using var auto = await server.SendAsync(json);
            Assert.Equal(4, server.Queue.Asked.Last().Upscale?.Scale);
        }
        foreach (string json in (string[])["""{"prompt":"","size":"96x48"}""", """{"prompt":"","width":96,"height":48}"""])
        {
            using var sized = await server.SendAsync(json);
            var asked = server.Queue.Asked.Last();
            Assert.Equal((96, 48, null), (asked.Width, asked.Height, asked.Upscale));
        }
        using var both = await server.SendAsync("""{"prompt":"","size":"96x48","upscale":{"scale":2}}""");
        Assert.Equal((96, 2.0), (server.Queue.Asked.Last().Width, server.Queue.Asked.Last().Upscale?.Scale));
    }

    [Theory]
    [InlineData("auto", 20)]
    [InlineData("low", 10)]
    [InlineData("medium", 20)]
    [InlineData("standard", 20)]
    [InlineData("high", 30)]
    [InlineData("hd", 30)]
    public async Task Quality_is_a_share_of_the_models_steps(string quality, int steps)
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.SendAsync($$"""{"prompt":"","quality":"{{quality}}"}""");
        Assert.Equal(quality == "auto" ? null : quality, (string?)(await response.ImagesAsync())["quality"]);
        Assert.Equal(steps, server.Queue.Asked.Single().Steps);
        using var named = await server.SendAsync($$"""{"prompt":"","quality":"{{quality}}","steps":7}""");
        Assert.Equal(7, server.Queue.Asked.Last().Steps);
    }

    [Fact]
    public async Task Quality_is_a_share_of_any_models_steps()
    {
        await using var server = await RunningServer.StartAsync();
        server.Models.Models[0] = server.Models.Models[0] with { Defaults = ModelDefaults.Parse("""{ "steps": 1 }""") };
        foreach (var (quality, steps) in ((string, int)[])[("low", 1), ("hd", 2)])
        {
            using var response = await server.SendAsync($$"""{"prompt":"","quality":"{{quality}}"}""");
            Assert.Equal(steps, server.Queue.Asked.Last().Steps);
        }
    }

    [Fact]
    public async Task Native_fields_are_taken_under_their_names_and_within_extra_body()
    {
        await using var server = await RunningServer.StartAsync();
        const string Native = """
            "seed":7,"steps":4,"negative_prompt":"blue","guidance_scale":4,"sampler":"euler_ancestral","schedule":"karras","priority":"low"
            """;
        using var flat = await server.SendAsync($$"""{"prompt":"a fox",{{Native}},"user":"me","moderation":"low","style":"vivid","background":"auto"}""");
        await flat.ImagesAsync();
        using var nested = await server.SendAsync($$"""{"prompt":"a fox","extra_body":{ {{Native}} } }""");
        await nested.ImagesAsync();
        var (one, two) = (server.Queue.Asked.First(), server.Queue.Asked.Last());
        Assert.Equal(one, two);
        Assert.Equal((7, 4, "blue", 4.0, "euler_ancestral", "karras", JobPriority.Low),
            (one.Seed, one.Steps, one.NegativePrompt, one.GuidanceScale, one.Sampler, one.Schedule, one.Priority));
        using var twice = await server.SendAsync("""{"prompt":"a fox","seed":1,"extra_body":{"seed":2}}""");
        await twice.ErrorAsync(400, "seed", "invalid_value");
    }

    [Fact]
    public async Task Format_and_compression_are_the_native_ones()
    {
        await using var server = await RunningServer.StartAsync();
        foreach (var (json, format, quality) in ((string, PictureFormat, int)[])
            [("""{"prompt":"","output_format":"jpeg","output_compression":0}""", PictureFormat.Jpeg, 1),
             ("""{"prompt":"","output_format":"webp","output_compression":100}""", PictureFormat.Webp, 100),
             ("""{"prompt":"","output_format":"png","output_compression":100}""", PictureFormat.Png, 100),
             ("""{"prompt":""}""", PictureFormat.Png, 90)])
        {
            using var response = await server.SendAsync(json);
            Assert.Equal(PictureFormats(format), (string?)(await response.ImagesAsync())["output_format"]);
            Assert.Equal((format, quality), (server.Queue.Asked.Last().Format, server.Queue.Asked.Last().Quality));
        }

        static string PictureFormats(PictureFormat format) => format.ToString().ToLowerInvariant();
    }

    [Fact]
    public async Task A_form_is_taken_too()
    {
        await using var server = await RunningServer.StartAsync();
        using var response = await server.FormAsync(OpenAiCalls.Generations,
            ("prompt", "a fox"), ("n", "2"), ("size", "48x64"), ("extra_body[seed]", "7"), ("stream", "False"));
        await response.ImagesAsync();
        var asked = server.Queue.Asked.Single();
        Assert.Equal((2, 48, 64, 7), (asked.Count, asked.Width, asked.Height, asked.Seed));
    }

    [Fact]
    public async Task Names_that_the_operator_gives_stand_for_models()
    {
        await using var server = await RunningServer.StartAsync(
            ("Darkroom:OpenAi:Models:gpt-image-1.5", "starter"), ("Darkroom:OpenAi:Models:dall-e-3", "gone"));
        using var mapped = await server.SendAsync("""{"prompt":"","model":"gpt-image-1.5"}""");
        await mapped.ImagesAsync();
        Assert.Equal("starter", server.Queue.Asked.Single().Model);
        foreach (string name in (string[])["dall-e-3", "gpt-image-1", "strater"])
        {
            using var unknown = await server.SendAsync($$"""{"prompt":"","model":"{{name}}"}""");
            Assert.Contains("starter", (string?)(await unknown.ErrorAsync(404, "model", "model_not_found"))["message"]);
        }
        Assert.Contains("Darkroom:OpenAi:Models has 'dall-e-3' stand for 'gone'", server.Log.All);
        using var list = await server.Client.GetAsync("/v1/models");
        Assert.Equal(["starter"], (await list.JsonAsync())["data"]!.AsArray().Select(model => (string?)model!["id"]));
    }

    [Fact]
    public async Task A_key_of_the_callers_own_gives_the_same_job()
    {
        await using var server = await RunningServer.StartAsync();
        for (int i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, OpenAiCalls.Generations)
                { Content = new StringContent("""{"prompt":"a fox","n":3,"size":"64x64"}""", null, "application/json") };
            request.Headers.Add("Idempotency-Key", "mine");
            using var response = await server.Client.SendAsync(request);
            await response.ImagesAsync();
            Assert.Equal(i == 1, response.Headers.Contains("Idempotent-Replayed"));
            Assert.Equal(1.ToString("x32"), response.Headers.GetValues("X-Job-Id").Single());
        }
        using var other = new HttpRequestMessage(HttpMethod.Post, OpenAiCalls.Generations)
            { Content = new StringContent("""{"prompt":"a fox","n":4,"size":"64x64"}""", null, "application/json") };
        other.Headers.Add("Idempotency-Key", "mine");
        using var refused = await server.Client.SendAsync(other);
        await refused.ErrorAsync(400, null, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_caller_who_leaves_cancels()
    {
        await using var server = await RunningServer.StartAsync();
        server.Queue.Gate = new();
        using var leave = new CancellationTokenSource();
        var asked = server.PostAsync("""{"prompt":"a fox"}""", path: OpenAiCalls.Generations, cancellation: leave.Token);
        while (server.Queue.Asked.IsEmpty) await Task.Delay(5);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        for (int i = 0; i < 1000 && server.Queue.Cancelled.IsEmpty; i++) await Task.Delay(10);
        Assert.Equal([1.ToString("x32")], server.Queue.Cancelled);
    }

    [Fact]
    public async Task The_surface_can_be_left_out()
    {
        await using var server = await RunningServer.StartAsync(("Darkroom:OpenAi:Enabled", "false"));
        using var posted = await server.SendAsync("""{"prompt":"a fox"}""");
        await posted.ProblemAsync(405, "method_not_allowed");
        using var signed = await server.Client.GetAsync($"/v1/images/{new string('0', 32)}/content");
        Assert.Equal(HttpStatusCode.NotFound, signed.StatusCode);
        Assert.DoesNotContain("/v1/images/generations", await server.Client.GetStringAsync("/openapi/v1.json"));
    }
}

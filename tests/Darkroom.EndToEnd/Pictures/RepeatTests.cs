namespace Darkroom.EndToEnd.Pictures;

/// <summary>The parameters of an answer are a request.</summary>
public sealed class RepeatTests(StarterServer server) : IClassFixture<StarterServer>
{
    public static TheoryData<string> Options =>
    [
        """{ "steps": 4 }""",
        """{ "steps": 5, "seed": -1, "sampler": "dpmpp_sde", "schedule": "karras", "format": "webp", "quality": 60 }""",
        """{ "steps": 4, "seed": 9007199254740988, "count": 3, "sampler": "euler_ancestral", "eta": 0.5, "noise_source": "torch_cuda", "width": 96 }""",
        """{ "steps": 6, "seed": 0, "sampler": "ddim", "eta": 1, "guidance_scale": 7.3, "guidance_rescale": 0.7, "guidance_interval": [0.1, 0.6], """
        + """ "format": "jpeg" }""",
        """{ "steps": 4, "hires": { "scale": 1.5, "steps": 3, "strength": 0.5, "prompt": "canary green", "sampler": "euler" } }""",
        """{ "steps": 4, "width": 48, "height": 48, "hires": { "width": 96, "upscaler": "realesr-animevideov3-x2" }, "tiling": "x", "upscale": null }""",
        """{ "steps": 4, "count": 2, "tiling": true, "upscale": null }""",
        """{ "steps": 4, "seed": 5, "guidance_scale": 0.1, "metadata": false, "priority": "high", "deadline": 600, """
        + """ "negative_prompt": "canary \"quoted\"\nlines" }""",
    ];

    [Theory, MemberData(nameof(Options))]
    public async Task Posting_the_parameters_of_an_answer_gives_the_same_pictures(string options)
    {
        string body = """{ "prompt": "canary, Füchse: <b>\"1\"</b>, \\ Steps: 3",""" + options[1..];
        var first = await server.Client.PostAsync(body);
        string[] pictures = first.Pictures();
        string parameters = first.Json.GetProperty("parameters").GetRawText();

        var again = await server.Client.PostAsync(parameters);
        Assert.Equal(pictures, again.Pictures());
        Assert.Equal(parameters, again.Json.GetProperty("parameters").GetRawText());
        Assert.Empty(again.Json.GetProperty("warnings").EnumerateArray());
    }

    [Fact]
    public async Task A_drawn_seed_is_another_each_time_and_images_of_a_job_follow_from_it()
    {
        const string Body = """{ "prompt": "canary", "steps": 1, "count": 2 }""";
        var one = await server.Client.PostAsync(Body);
        var two = await server.Client.PostAsync(Body);
        Assert.Empty(one.Pictures().Intersect(two.Pictures()));
        long seed = one.Json.GetProperty("parameters").GetProperty("seed").GetInt64();
        Assert.Equal([seed, seed + 1], one.Json.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("seed").GetInt64()));

        var second = await server.Client.PostAsync($$"""{ "prompt": "canary", "steps": 1, "seed": {{seed + 1}} }""");
        Assert.Equal(one.Pictures()[1], Assert.Single(second.Pictures()));
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.Native.Endpoints;

/// <summary>denoise, classify and likelihood of the real server, with models that can and models that cannot.</summary>
public sealed class LookTests(LookTests.Started started) : IClassFixture<LookTests.Started>
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly HttpClient client = started.Server.Client;

    public sealed class Started : IAsyncLifetime
    {
        private readonly ModelsFolder models = new();

        internal RealServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Directory.CreateSymbolicLink(Path.Combine(models.Path, "starter"), Path.Combine(Repository.Root, "models", "starter"));
            foreach (string family in (string[])["dit-tiny", "ddpm-tiny", "ip2p-tiny", "sd15-inpaint-tiny"])
                Directory.CreateSymbolicLink(Path.Combine(models.Path, family), ConformancePack.PathOf("pipelines", family, PackModels.Weights));
            Server = await RealServer.StartAsync(("Darkroom:ModelsPath", models.Path), ("Darkroom:DefaultModel", "starter"));
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            models.Dispose();
        }
    }

    [Fact]
    public async Task Models_say_what_they_can_be_asked()
    {
        var tasks = (await JsonAsync(await client.GetAsync("/v1/models", Cancellation)))["data"]!.AsArray()
            .ToDictionary(model => (string)model!["id"]!, model => string.Join(' ', model!["tasks"]!.AsArray().Select(task => (string)task!)));
        Assert.EndsWith("outpaint denoise classify likelihood features", tasks["starter"], StringComparison.Ordinal);
        Assert.EndsWith("denoise classify likelihood features", tasks["dit-tiny"], StringComparison.Ordinal);
        Assert.EndsWith("denoise likelihood features", tasks["ddpm-tiny"], StringComparison.Ordinal);
        Assert.DoesNotContain("denoise", tasks["ip2p-tiny"], StringComparison.Ordinal);
        Assert.DoesNotContain("denoise", tasks["sd15-inpaint-tiny"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classify", "ddpm-tiny", "it reads neither texts nor classes")]
    [InlineData("likelihood", "ip2p-tiny", "it is made to edit pictures by instruction")]
    [InlineData("denoise", "sd15-inpaint-tiny", "it is made to repaint what a mask marks")]
    [InlineData("img2img", "dit-tiny", "does not do img2img. It does txt2img, denoise, classify, likelihood, features. Models here that do: ")]
    public async Task A_model_that_cannot_is_told_why_and_which_can(string task, string model, string reason)
    {
        var (status, answer) = await PostAsync(task, new() { ["model"] = model, ["candidates"] = task == "classify" ? Candidates("a", "b") : null });
        var fault = Assert.Single(answer["errors"]!.AsArray())!;
        Assert.Equal((422, "model"), (status, (string?)fault["field"]));
        Assert.Contains(reason, (string)fault["message"]!, StringComparison.Ordinal);
        Assert.Contains("starter", (string)fault["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_cannot_explain_names_those_that_can()
    {
        var (status, answer) = await PostAsync("img2img", new() { ["model"] = "ddpm-tiny", ["explain"] = true });
        var fault = answer["errors"]!.AsArray().Single(one => (string?)one!["field"] == "explain")!;
        Assert.Equal(422, status);
        Assert.StartsWith("Model 'ddpm-tiny' has no use for explain: ", (string)fault["message"]!, StringComparison.Ordinal);
        Assert.Contains("starter", (string)fault["limit"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_without_its_noise_says_so_and_cannot_be_made_again_without_the_one_that_was_sent()
    {
        var (status, made) = await PostAsync("denoise", new() { ["noise"] = 0.1, ["strength"] = 0.5, ["steps"] = 2, ["seed"] = 3 });
        Assert.Equal(200, status);
        JsonObject file = new() { ["image"] = (string)made["images"]![0]!["data"]! };
        var request = (await JsonAsync(await client.PostAsync("/v1/png-info", Json(file), Cancellation)))["request"]!;
        Assert.Equal(("/v1/denoise", 0.1, 0.5, 2), ((string?)request["address"], (double)request["fields"]!["noise"]!,
            (double)request["fields"]!["strength"]!, (int)request["fields"]!["steps"]!));
        Assert.Single(request["missing"]!.AsArray());
        using var verified = await client.PostAsync("/v1/verify", Json(file), Cancellation);
        Assert.Equal(422, (int)verified.StatusCode);
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var (status, answer) = await PostAsync("classify", new()
        {
            ["candidates"] = Candidates("a", "a"), ["trials"] = 257, ["timesteps"] = Numbers(1000), ["what"] = 1,
        });
        Assert.Equal(422, status);
        Assert.Equal(["candidates.1", "timesteps", "trials", "what"], answer["errors"]!.AsArray().Select(fault => (string)fault!["field"]!).Order());

        (status, answer) = await PostAsync("classify", new() { ["candidates"] = Candidates("3", "1000", "fox"), ["model"] = "dit-tiny" });
        Assert.Equal(["candidates.1", "candidates.2"], answer["errors"]!.AsArray().Select(fault => (string)fault!["field"]!));
        Assert.Equal("0…999", (string?)answer["errors"]![0]!["limit"]);

        (_, answer) = await PostAsync("denoise", new() { ["noise"] = 0, ["strength"] = 1.5, ["steps"] = 0 });
        Assert.Equal(["noise", "steps", "strength"], answer["errors"]!.AsArray().Select(fault => (string)fault!["field"]!).Order());
    }

    [Fact]
    public async Task Classes_are_candidates_too_by_number_or_by_digits()
    {
        var (status, answer) = await PostAsync("classify", new()
        {
            ["model"] = "dit-tiny", ["candidates"] = new JsonArray(3, "7"), ["trials"] = 3, ["seed"] = 4,
        });
        Assert.True(status == 200, answer.ToJsonString());
        Assert.Equal(["3", "7"], answer["candidates"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(6, (int)answer["evaluations"]!);
        Assert.Equal(2, answer["errors"]!.AsArray().Count);

        (_, answer) = await PostAsync("classify", new() { ["model"] = "dit-tiny", ["candidates"] = new JsonArray(3, "7"), ["trials"] = 1, ["seed"] = 4 });
        Assert.Equal(0.5, (double)answer["confidence"]!);
        Assert.Null(answer["errors"]);
    }

    [Fact]
    public async Task The_same_question_has_the_same_answer_alone_and_among_pictures()
    {
        JsonObject question = new() { ["candidates"] = Candidates("red apple", "green apple", "dog"), ["trials"] = 8, ["seed"] = 4 };
        var (_, alone) = await PostAsync("classify", question);
        var pictures = Enumerable.Range(0, 3).Select(seed => client.PostAsync(
            "/v1/txt2img", Json(new() { ["prompt"] = "a fox", ["seed"] = seed, ["upscale"] = null, ["return"] = "url" }), Cancellation)).ToArray();
        var (_, among) = await PostAsync("classify", (JsonObject)question.DeepClone());
        await Task.WhenAll(pictures);
        Assert.Equal(alone["scores"]!.ToJsonString(), among["scores"]!.ToJsonString());
        Assert.Equal("red apple", (string?)alone["best"]);
    }

    [Fact]
    public async Task Work_beyond_the_limit_names_what_takes_less()
    {
        await using var small = await RealServer.StartAsync(("Darkroom:Limits:MegapixelSteps", "1"));
        using var response = await small.Client.PostAsync("/v1/classify", Json(new()
        {
            ["image"] = Convert.ToBase64String(started.Picture()), ["trials"] = 256,
            ["candidates"] = Candidates([.. Enumerable.Range(0, 64).Select(i => $"thing {i}")]),
        }), Cancellation);
        var fault = (await JsonAsync(response))["errors"]![0]!;
        Assert.Equal((422, "trials"), ((int)response.StatusCode, (string?)fault["field"]));
        Assert.Contains("256 trials of 64 candidates", (string)fault["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_is_no_answer_to_a_question()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/likelihood") { Content = Json(new() { ["image"] = "" }) };
        request.Headers.Add("Accept", "image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, (await client.SendAsync(request, Cancellation)).StatusCode);
    }

    private async Task<(int Status, JsonObject Answer)> PostAsync(string task, JsonObject body)
    {
        body["image"] = Convert.ToBase64String(started.Picture());
        foreach (var name in body.Where(one => one.Value is null).Select(one => one.Key).ToArray()) body.Remove(name);
        using var response = await client.PostAsync("/v1/" + task, Json(body), Cancellation);
        return ((int)response.StatusCode, await JsonAsync(response));
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage response) => await response.JsonAsync();

    private static JsonArray Candidates(params string[] texts) => [.. texts.Select(text => (JsonNode)text)];

    private static JsonArray Numbers(params int[] numbers) => [.. numbers.Select(number => (JsonNode)number)];
}

internal static class LookedAt
{
    private static readonly Lazy<byte[]> Apple = new(() => File.ReadAllBytes(Path.Combine(Repository.Root, "docs", "apple.png")));

    /// <summary>An apple that the starter painted.</summary>
    public static byte[] Picture(this LookTests.Started _) => Apple.Value;
}

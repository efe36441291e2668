using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Operation;

/// <summary>An operator brings models into memory and has them leave it; requests go on as they would have.</summary>
public sealed class ModelLoadingTests(StarterServer starter) : IClassFixture<StarterServer>
{
    private readonly StartedServer server = starter.Process;

    [Fact]
    public async Task Model_leaves_and_comes_back_any_number_of_times_and_draws_the_same_picture()
    {
        var body = new Dictionary<string, object?> { ["prompt"] = "red apple", ["seed"] = 3, ["steps"] = 4 };
        string[] before = (await starter.PostAsync(body)).Pictures();
        for (int i = 0; i < 2; i++)
        {
            var left = (await AskAsync("unload")).Succeeded();
            Assert.Equal(("cold", 0L), (State(left), Bytes(left)));
            Assert.Equal("cold", State((await server.Client.FetchAsync("/v1/models/starter")).Succeeded()));
        }
        Assert.DoesNotContain(await ModelsAsync(), model => Id(model) == "starter");
        Assert.Equal(200, (await server.Client.FetchAsync("/readyz")).Status);

        for (int i = 0; i < 2; i++)
        {
            var there = (await AskAsync("load")).Succeeded();
            Assert.Equal("ready", State(there));
            Assert.True(Bytes(there) > 1_000_000);
        }
        var resident = Assert.Single(await ModelsAsync(), model => Id(model) == "starter");
        Assert.Equal(["text_encoder", "unet", "vae_decoder", "vae_encoder"],
            resident.GetProperty("parts").EnumerateArray().Select(part => part.GetString()!));
        Assert.False(resident.GetProperty("in_use").GetBoolean());
        Assert.Equal(before, (await starter.PostAsync(body)).Pictures());

        await AskAsync("unload");
        Assert.Equal(before, (await starter.PostAsync(body)).Pictures()); // a request loads it as well
    }

    [Fact]
    public async Task Job_that_runs_keeps_what_it_works_with_and_the_model_leaves_after_it()
    {
        var job = await RunningJob.StartAsync(server, "unloaded");
        Assert.Equal("working", (await DeviceAsync()).GetProperty("state").GetString());
        Assert.Contains(await ModelsAsync(), model => Id(model) == "starter" && model.GetProperty("in_use").GetBoolean());
        var left = await AskAsync("unload");
        Assert.Equal((202, "cold"), (left.Status, State(left.Json)));
        Assert.True(Bytes(left.Json) > 0);
        Assert.Equal("succeeded", (await job.Answer).Succeeded().GetProperty("status").GetString());
        await Calls.UntilAsync("the model has left", async () => (await ModelsAsync()).All(model => Id(model) != "starter"));
        Assert.Equal("idle", (await DeviceAsync()).GetProperty("state").GetString());
        Assert.Equal("ready", State((await AskAsync("load")).Succeeded()));
    }

    [Fact]
    public async Task Load_can_be_asked_for_without_waiting()
    {
        await AskAsync("unload");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/models/starter/load");
        request.Headers.Add("Prefer", "respond-async");
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((202, "/v1/models/starter"), ((int)answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Equal(["respond-async"], answer.Headers.GetValues("Preference-Applied"));
        await Calls.UntilAsync("it is there", async () => (await ModelsAsync()).Any(model => Id(model) == "starter"));
    }

    [Fact]
    public async Task What_is_not_there_is_said_so()
    {
        (await server.Client.FetchAsync("/v1/models/startr/load", method: HttpMethod.Post)).Problem(404, "model_not_found");
        (await server.Client.FetchAsync("/v1/models/startr/unload", method: HttpMethod.Post)).Problem(404, "model_not_found");
        var wrong = (await server.Client.FetchAsync("/v1/models/starter/load?device=1", method: HttpMethod.Post)).Problem(422, "invalid_request");
        Assert.Equal(("device", "0…0"), (wrong.GetProperty("errors")[0].GetProperty("field").GetString(),
            wrong.GetProperty("errors")[0].GetProperty("limit").GetString()));
    }

    [Fact]
    public async Task Device_tells_its_name_its_memory_and_its_limits()
    {
        var device = await DeviceAsync();
        Assert.Equal((0, "cpu", Environment.ProcessorCount), (device.GetProperty("index").GetInt32(), device.GetProperty("kind").GetString(),
            device.GetProperty("threads").GetInt32()));
        Assert.NotEmpty(device.GetProperty("name").GetString()!);
        var memory = device.GetProperty("memory");
        Assert.InRange(memory.GetProperty("weights").GetInt64(), 0, memory.GetProperty("weights_limit").GetInt64());
        var process = memory.GetProperty("process");
        Assert.InRange(process.GetProperty("calls_limit").GetInt64(), 1, process.GetProperty("limit").GetInt64());
        Assert.False(device.TryGetProperty("worker", out _));
    }

    private Task<Answer> AskAsync(string verb) => server.Client.FetchAsync("/v1/models/starter/" + verb, method: HttpMethod.Post);

    private async Task<JsonElement> DeviceAsync() =>
        Assert.Single((await server.Client.FetchAsync("/v1/devices")).Succeeded().GetProperty("data").EnumerateArray());

    private async Task<JsonElement[]> ModelsAsync() => [.. (await DeviceAsync()).GetProperty("models").EnumerateArray()];

    private static string Id(JsonElement model) => model.GetProperty("id").GetString()!;

    private static string State(JsonElement model) => model.GetProperty("state").GetString()!;

    private static long Bytes(JsonElement model) => model.GetProperty("memory_bytes").GetInt64();
}

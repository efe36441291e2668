using System.Net;
using System.Text.Json.Nodes;
using Darkroom.Server.Security.Keys;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>Real answers of every operation against what the document promises: status, media type, headers, and the body's schema.</summary>
public sealed class RealAnswerTests
{
    private const string Prompt = """{"prompt":"red apple","steps":4,"return":"url"}""";

    private static readonly string[] Lists =
        ["listModels /v1/models", "getModel /v1/models/starter", "listSamplers /v1/samplers", "listSchedules /v1/schedules", "listUpscalers /v1/upscalers",
        "listControlNets /v1/controlnets", "listLoras /v1/loras", "listEmbeddings /v1/embeddings", "listVaes /v1/vaes", "listDevices /v1/devices",
        "getUsage /v1/usage", "getStats /v1/stats", "getLogLevel /v1/log-level", "getVersion /v1/version", "getLiveness /livez", "getReadiness /readyz?verbose",
        "listJobs /v1/jobs?limit=2"];

    [Fact]
    public async Task Answers_of_every_operation_are_as_the_document_says()
    {
        await using var server = await RealServer.StartAsync();
        var seen = new HashSet<string>();
        var ask = await AskerAsync(server.Client, seen);

        foreach (var task in (string[])["txt2img", "img2img", "inpaint", "outpaint", "upscale"])
            foreach (var kind in (string[])["json", "form"])
                await ask(task, HttpMethod.Post, "/v1/" + task, Least(task).As(kind), []);
        using var picture = await ask("txt2img", HttpMethod.Post, "/v1/txt2img", Text(Prompt.Replace("url", "data")), [("Accept", "image/webp")]);
        Assert.Equal("image/webp", picture.Content.Headers.ContentType!.MediaType);
        var image = picture.Content.Headers.ContentLocation!.ToString();
        var key = ("Idempotency-Key", "one");
        var first = await JsonAsync(await ask("txt2img", HttpMethod.Post, "/v1/txt2img", Text(Prompt), [("Prefer", "respond-async"), key]));
        await ask("txt2img", HttpMethod.Post, "/v1/txt2img", Text(Prompt), [("Prefer", "wait=60"), key]);
        var job = "/v1/jobs/" + first["id"];
        await ask("getJob", HttpMethod.Get, job, null, []);

        await ask("getImage", HttpMethod.Get, image, null, []);
        using var part = await ask("getImage", HttpMethod.Get, image, null, [("Range", "bytes=0-9")]);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        using var same = await ask("getImage", HttpMethod.Get, image, null, [("If-None-Match", part.Headers.ETag!.ToString())]);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var beyond = await ask("getImage", HttpMethod.Get, image, null, [("Range", "bytes=99999999-")]);
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        var file = new TaskBody("png-info").With("image", await server.Client.GetByteArrayAsync(image));
        await ask("readPngInfo", HttpMethod.Post, "/v1/png-info", file.Form(), []);
        await ask("verifyPicture", HttpMethod.Post, "/v1/verify", file.Form(), []);
        using var later = await ask("verifyPicture", HttpMethod.Post, "/v1/verify", file.Form(), [("Prefer", "respond-async")]);
        await server.Client.GetAsync(later.Headers.Location + "/events");
        await ask("getJob", HttpMethod.Get, later.Headers.Location!.ToString(), null, []);

        foreach (var task in (string[])["denoise", "classify", "likelihood", "features"])
        {
            var body = Looking(task).With("image", await server.Client.GetByteArrayAsync(image));
            foreach (var kind in (string[])["json", "form"]) await ask(task, HttpMethod.Post, "/v1/" + task, body.As(kind), []);
            using var looked = await ask(task, HttpMethod.Post, "/v1/" + task, body.Json(), [("Prefer", "respond-async")]);
            await EventsAsync(server.Client, looked.Headers.Location!.ToString(), ["queued", "started", "progress", "succeeded"], SchemaOf(task));
            await ask("getJob", HttpMethod.Get, looked.Headers.Location!.ToString(), null, []);
        }

        // The same by its address, which no other answer than the job's has.
        using (var read = await ask("features", HttpMethod.Post, "/v1/features",
            Looking("features").With("image", await server.Client.GetByteArrayAsync(image)).Json(), [("Accept", "application/json")]))
            await ask("getImage", HttpMethod.Get, (string)(await JsonNode.ParseAsync(await read.Content.ReadAsStreamAsync()))!["url"]!, null, []);

        await ask("countTokens", HttpMethod.Post, "/v1/tokens", Text("""{"prompt":"[a:(red:-1.3):3] AND apple :-2 <lora:x:1>","negative_prompt":""}"""), []);
        await QueueAsync(server.Client, ask);
        foreach (var list in Lists) await ask(list.Split(' ')[0], HttpMethod.Get, list.Split(' ')[1], null, []);
        await ask("setLogLevel", HttpMethod.Put, "/v1/log-level", Text("""{"level":"information"}"""), []);
        await ask("loadModel", HttpMethod.Post, "/v1/models/starter/load", null, []);
        await ask("loadModel", HttpMethod.Post, "/v1/models/starter/load", null, [("Prefer", "respond-async")]);
        await ask("unloadModel", HttpMethod.Post, "/v1/models/starter/unload", null, []);

        foreach (var (id, address) in ((string, string)[])[("createImage", "generations"), ("createImageVariation", "variations")])
        {
            var body = Least(id == "createImage" ? "txt2img" : "img2img").Without("return").With("n", 2);
            await ask(id, HttpMethod.Post, "/v1/images/" + address, body.Form(), []);
            var answer = await JsonAsync(await ask(id, HttpMethod.Post, "/v1/images/" + address, body.With("response_format", "url").Json(), []));
            using var signed = await ask("getSignedImage", HttpMethod.Get, new Uri((string)answer["data"]![0]!["url"]!).PathAndQuery, null, []);
            Assert.Equal("image/png", signed.Content.Headers.ContentType!.MediaType);
        }
        await ask("editImage", HttpMethod.Post, "/v1/images/edits", Least("inpaint").Without("return").Form(), []);

        var operations = (await WireDocument.ReadAsync(server.Client)).Ids;
        Assert.Empty(operations.Except(seen));
    }

    [Fact]
    public async Task Refusals_are_as_the_document_says()
    {
        await using var server = await RealServer.StartAsync();
        var ask = await AskerAsync(server.Client, []);
        const string none = "00000000000000000000000000000000";
        foreach (var (status, id, method, path, body, headers) in ((int, string, HttpMethod, string, HttpContent?, (string, string)[])[])
        [
            (422, "txt2img", HttpMethod.Post, "/v1/txt2img", Text("""{"prompt":"","steps":0,"sampler":7,"what":1}"""), []),
            (422, "txt2img", HttpMethod.Post, "/v1/txt2img", Text("""{"prompt":"","explain":true}"""), []),
            (404, "txt2img", HttpMethod.Post, "/v1/txt2img", Text("""{"prompt":"","model":"none"}"""), []),
            (400, "txt2img", HttpMethod.Post, "/v1/txt2img", Text("{"), []),
            (415, "txt2img", HttpMethod.Post, "/v1/txt2img", new StringContent("x"), []),
            (406, "txt2img", HttpMethod.Post, "/v1/txt2img", Text(Prompt), [("Accept", "image/gif")]),
            (400, "img2img", HttpMethod.Post, "/v1/img2img", Text("""{"prompt":"","image":"AAAA"}"""), []),
            (404, "upscale", HttpMethod.Post, "/v1/upscale", Least("upscale").With("model", "none").Json(), []),
            (404, "getJob", HttpMethod.Get, "/v1/jobs/" + none, null, []),
            (404, "cancelJob", HttpMethod.Delete, "/v1/jobs/" + none, null, []),
            (404, "changeJob", HttpMethod.Patch, "/v1/jobs/" + none, Text("""{"priority":"low"}"""), []),
            (422, "changeJob", HttpMethod.Patch, "/v1/jobs/" + none, Text("""{"priority":"most"}"""), []),
            (404, "finishJob", HttpMethod.Post, $"/v1/jobs/{none}/finish", null, []),
            (404, "streamJobEvents", HttpMethod.Get, $"/v1/jobs/{none}/events", null, []),
            (422, "listJobs", HttpMethod.Get, "/v1/jobs?limit=0&status=x", null, []),
            (422, "getUsage", HttpMethod.Get, "/v1/usage?from=x", null, []),
            (404, "getModel", HttpMethod.Get, "/v1/models/none", null, []),
            (422, "loadModel", HttpMethod.Post, "/v1/models/starter/load?device=9", null, []),
            (404, "getImage", HttpMethod.Get, "/v1/images/" + none, null, []),
            (404, "getSignedImage", HttpMethod.Get, $"/v1/images/{none}/content?expires=1&signature=0", null, []),
            (422, "setLogLevel", HttpMethod.Put, "/v1/log-level", Text("""{"level":"loud"}"""), []),
            (422, "readPngInfo", HttpMethod.Post, "/v1/png-info", Text("{}"), []),
            (422, "verifyPicture", HttpMethod.Post, "/v1/verify", Text("{}"), []),
            (422, "denoise", HttpMethod.Post, "/v1/denoise", Text("{}"), []),
            (422, "classify", HttpMethod.Post, "/v1/classify", Text("{}"), []),
            (422, "features", HttpMethod.Post, "/v1/features", Text("{}"), []),
            (406, "features", HttpMethod.Post, "/v1/features", Text("{}"), [("Accept", "image/png")]),
            (406, "likelihood", HttpMethod.Post, "/v1/likelihood", Text("{}"), [("Accept", "image/png")]),
            (400, "createImage", HttpMethod.Post, "/v1/images/generations", Text("""{"prompt":"","n":0}"""), []),
            (404, "createImage", HttpMethod.Post, "/v1/images/generations", Text("""{"prompt":"","model":"dall-e-3"}"""), []),
            (403, "listModels", HttpMethod.Get, "/v1/models", null, [("Sec-Fetch-Site", "cross-site")]),
            (403, "createImage", HttpMethod.Post, "/v1/images/generations", Text(Prompt), [("Sec-Fetch-Site", "cross-site")]),
            (421, "listModels", HttpMethod.Get, "/v1/models", null, [("Host", "elsewhere.example")]),
        ])
        {
            using var response = await ask(id, method, path, body, headers);
            Assert.True(status == (int)response.StatusCode, $"{method} {path}: {(int)response.StatusCode}");
        }
    }

    [Fact]
    public async Task A_server_with_keys_refuses_as_the_document_says()
    {
        var keys = new TestKeys();
        var key = await keys.AddAsync("reader", KeyScope.Read);
        await using var server = await RealServer.StartAsync(keys.Setting);
        var ask = await AskerAsync(server.Client, []);
        using var without = await ask("listModels", HttpMethod.Get, "/v1/models", null, []);
        using var wrong = await ask("createImage", HttpMethod.Post, "/v1/images/generations", Text(Prompt), [("X-API-Key", "wrong")]);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (without.StatusCode, wrong.StatusCode));
        using var beyond = await ask("txt2img", HttpMethod.Post, "/v1/txt2img", Text(Prompt), [("X-API-Key", key)]);
        using var same = await ask("createImage", HttpMethod.Post, "/v1/images/generations", Text(Prompt), [("Authorization", "Bearer " + key)]);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (beyond.StatusCode, same.StatusCode));
    }

    private static async Task QueueAsync(HttpClient client, Asker ask)
    {
        await ask("pauseQueue", HttpMethod.Post, "/v1/queue/pause", null, []);
        var queued = await ask("upscale", HttpMethod.Post, "/v1/upscale", Least("upscale").Json(), [("Prefer", "respond-async")]);
        var waiting = "/v1/jobs/" + (await JsonAsync(queued))["id"];
        await ask("changeJob", HttpMethod.Patch, waiting, Text("""{"priority":"high"}"""), []);
        await ask("getJob", HttpMethod.Get, waiting, null, []);
        await ask("finishJob", HttpMethod.Post, waiting + "/finish", null, []); // 409: it does not run
        await ask("cancelJob", HttpMethod.Delete, waiting, null, []);
        await ask("getJob", HttpMethod.Get, waiting, null, []);
        await ask("resumeQueue", HttpMethod.Post, "/v1/queue/resume", null, []);

        var body = Text("""{"prompt":"red apple","steps":150,"count":8,"preview_every":1,"return":"url"}""");
        var running = "/v1/jobs/" + (await JsonAsync(await ask("txt2img", HttpMethod.Post, "/v1/txt2img", body, [("Prefer", "respond-async")])))["id"];
        while ((string?)(await JsonAsync(await ask("getJob", HttpMethod.Get, running, null, [])))["status"] == "queued") await Task.Delay(5);
        await ask("finishJob", HttpMethod.Post, running + "/finish", null, []);
        await EventsAsync(client, running, ["queued", "started", "progress", "succeeded"]);
        await EventsAsync(client, waiting, ["queued", "cancelled"]);
        await ask("streamJobEvents", HttpMethod.Get, running + "/events", null, []);
        await ask("changeJob", HttpMethod.Patch, running, Text("""{"priority":"high"}"""), []); // 409: it does not wait
        await ask("cancelJob", HttpMethod.Delete, running + "?purge=true", null, []); // 204
    }

    /// <summary>Every event's data is of the type that the document names for it.</summary>
    private static async Task EventsAsync(HttpClient client, string job, string[] expected, string succeeded = "GenerationAnswer")
    {
        var document = await WireDocument.ReadAsync(client);
        var text = await client.GetStringAsync(job + "/events");
        var names = new List<string>();
        foreach (var lines in text.Split("\n\n").Select(static block => block.Split('\n')))
        {
            if (lines.SingleOrDefault(static line => line.StartsWith("event: ", StringComparison.Ordinal))?[7..] is not { } name) continue;
            var data = JsonNode.Parse(lines.Single(static line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]);
            var type = name switch
            {
                "queued" or "started" => "StandingEvent", "progress" => "ProgressEvent", "preview" => "PreviewEvent", "succeeded" => succeeded,
                _ => "ProblemDocument",
            };
            Assert.Equal("", document.FaultsOf(new JsonObject { ["$ref"] = "#/components/schemas/" + type }, data));
            Assert.Equal("", document.FaultsOf(new JsonObject { ["$ref"] = "#/components/schemas/JobEvent" }, data));
            names.Add(name);
        }
        Assert.Superset(expected.ToHashSet(), names.ToHashSet());
    }

    private static string SchemaOf(string task) => char.ToUpperInvariant(task[0]) + task[1..] + (task == "denoise" ? "Answer" : "Result");

    private static TaskBody Looking(string task) => task switch
    {
        "classify" => new TaskBody(task).With("candidates", "[\"red apple\",\"dog\"]").With("trials", 8),
        "likelihood" => new TaskBody(task).With("steps", 8),
        "features" => new TaskBody(task).With("layers", "[\"mid_block\"]"),
        _ => new TaskBody(task).With("noise", 0.1).With("steps", 2).With("return", "url"),
    };

    private static TaskBody Least(string task)
    {
        var body = TaskBody.Least(task).With("return", "url");
        return task == "upscale" ? body.With("scale", 2) : body.With("steps", 4);
    }

    private static StringContent Text(string json) => new(json, System.Text.Encoding.UTF8, "application/json");

    private static async Task<JsonObject> JsonAsync(HttpResponseMessage response) => await response.JsonAsync();

    /// <summary>Sends requests of operations, and checks each answer against the document.</summary>
    private static async Task<Asker> AskerAsync(HttpClient client, HashSet<string> seen)
    {
        var document = await WireDocument.ReadAsync(client);
        return async (id, method, path, body, headers) =>
        {
            using var request = new HttpRequestMessage(method, path) { Content = body };
            foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
            var response = await client.SendAsync(request);
            await document.CheckAsync(id, response);
            seen.Add(id);
            return response;
        };
    }

    private delegate Task<HttpResponseMessage> Asker(string id, HttpMethod method, string path, HttpContent? body, (string Name, string Value)[] headers);
}

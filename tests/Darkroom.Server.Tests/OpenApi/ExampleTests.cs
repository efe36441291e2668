using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>The examples of the document: those of requests are posted to a real server with the starter, those of answers are as their schemas say.</summary>
public sealed class ExampleTests
{
    /// <summary>As JSON, and as a form, where pictures are files and lists one part of JSON.</summary>
    [Fact]
    public async Task Every_example_of_a_request_runs_and_is_answered_as_promised()
    {
        await using var server = await RealServer.StartAsync();
        var document = await WireDocument.ReadAsync(server.Client);
        using (await server.Client.PostAsync("/v1/queue/pause", null)) { }
        var waiting = (string)(await server.PostAsync("""{"prompt":"red apple"}""", waits: false))["id"]!;
        var withBody = document.Operations.Where(static one => one.Operation["requestBody"] is not null).ToList();
        Assert.Equal(17, withBody.Count);
        // What waits for its picture comes after the queue runs again.
        foreach (var (method, path, operation) in withBody.OrderBy(static one => one.Path.Contains("{id}", StringComparison.Ordinal) ? 0 : 1))
        {
            if (!path.Contains("{id}", StringComparison.Ordinal)) using (await server.Client.PostAsync("/v1/queue/resume", null)) { }
            var id = (string)operation["operationId"]!;
            var content = operation["requestBody"]!["content"]!;
            var examples = content["application/json"]!["examples"]?.AsObject() ?? [];
            Assert.True(examples.Count > 0, $"{id} has no example of a request.");
            foreach (var (name, example) in examples)
            {
                var value = example!["value"]!;
                Assert.Equal("", document.FaultsOf(content["application/json"]!["schema"]!, value));
                foreach (var body in Bodies(document, content, value))
                {
                    var address = path.Replace("{id}", waiting, StringComparison.Ordinal);
                    using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address) { Content = body };
                    using var response = await server.Client.SendAsync(request);
                    Assert.True((int)response.StatusCode == 200, $"{id} {name}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
                    await document.CheckAsync(id, response);
                }
            }
        }
    }

    [Theory]
    [InlineData("/openapi/v1.json")]
    [InlineData("/openapi/v1-3.0.json")]
    public async Task Every_answer_in_JSON_has_an_example_that_is_as_its_schema_says(string address)
    {
        await using var server = await RunningServer.StartAsync();
        var newer = await WireDocument.ReadAsync(server.Client);
        var document = await WireDocument.ReadAsync(server.Client, address);
        foreach (var (method, path, operation) in document.Operations)
            foreach (var (status, _) in operation["responses"]!.AsObject())
                foreach (var (type, content) in document.Answer(operation, status)["content"]?.AsObject() ?? [])
                {
                    var examples = content!["examples"]?.AsObject() ?? [];
                    if (type.EndsWith("json", StringComparison.Ordinal) && status[0] == '2') Assert.True(examples.Count > 0, $"{method} {path} {status}");
                    var schema = newer.Answer(newer.Operation((string)operation["operationId"]!), status)["content"]![type]!["schema"]!;
                    foreach (var (name, example) in examples)
                    {
                        var faults = newer.FaultsOf(schema, document.Resolve(example!)["value"]);
                        Assert.True(faults.Length == 0, $"{method} {path} {status} {name}\n{faults}");
                    }
                }
    }

    private static IEnumerable<HttpContent> Bodies(WireDocument document, JsonNode content, JsonNode value)
    {
        yield return new StringContent(value.ToJsonString(), Encoding.UTF8, "application/json");
        var fields = document.Resolve(content["multipart/form-data"]!["schema"]!)["properties"]!;
        if (value.AsObject().Any(field => fields[field.Key] is null)) yield break; // pictures in objects, which are files of another name in a form
        var form = new MultipartFormDataContent();
        foreach (var (name, one) in value.AsObject())
            if ((string?)fields[name]!["format"] == "binary")
            {
                var file = new ByteArrayContent(Convert.FromBase64String((string)one!));
                file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
                form.Add(file, name, name + ".png");
            }
            else form.Add(new StringContent(one is JsonValue text && text.TryGetValue(out string? plain) ? plain : one!.ToJsonString()), name);
        yield return form;
    }
}

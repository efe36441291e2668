using System.Diagnostics;
using System.Text.Json.Nodes;
using Darkroom.EndToEnd.Clients;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Generators;

/// <summary>A client in Python that OpenAPI Generator makes of the OpenAPI 3.0 copy of the document.</summary>
public sealed class OpenApiGeneratorTests(ClientServer server) : IClassFixture<ClientServer>, IDisposable
{
    private const string Java = "/usr/bin/java", Python = "/usr/bin/python3";

    private static readonly string Jar = Path.Combine(
        NodeRuntime.Folder, "node_modules", "@openapitools", "openapi-generator-cli", "bin", "openapi-generator.jar");

    private readonly string folder = Directory.CreateTempSubdirectory("darkroom-generated-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_client_in_Python()
    {
        Assert.SkipUnless(File.Exists(Jar), "The packages of tests/node are not installed: ./test restore");
        Assert.SkipUnless(File.Exists(Java) && await HasPackagesAsync(),
            "Java and Python's urllib3, certifi, dateutil and six are not installed: ./test restore, as root on Debian");
        string document = await server.Client.GetStringAsync("/openapi/v1-3.0.json");
        await GenerateAsync(document, "darkroom", "application/json");
        await GenerateAsync(document, "darkroom_forms", "multipart/form-data");

        string program = Path.Combine(Repository.Root, "tests", "Darkroom.EndToEnd", "Generators", "Programs", "openapi_generator.py");
        var start = new ProcessStartInfo(Python, ["-B", program, server.Address, ClientServer.Key, Path.Combine(server.Folder, "canvas.png")]);
        start.Environment["PYTHONPATH"] = string.Join(Path.PathSeparator, Path.Combine(folder, "darkroom"), Path.Combine(folder, "darkroom_forms"));
        await GeneratedClient.CheckAsync(server, NodeProgram.Last(await ChildProgram.OutputAsync(start)));
    }

    private async Task GenerateAsync(string document, string name, string body)
    {
        var json = OneKind.Of(document, body, "application/json");
        AnyForAnyOf(json["components"]!);
        string file = Path.Combine(folder, name + ".json");
        await File.WriteAllTextAsync(file, json.ToJsonString());
        await ChildProgram.OutputAsync(new ProcessStartInfo(Java,
            ["-jar", Jar, "generate", "-i", file, "-g", "python", "-o", Path.Combine(folder, name), "--package-name", name]));
    }

    /// <summary>This release names a class for every <c>anyOf</c> and writes none: such a value is any value to it.</summary>
    private static void AnyForAnyOf(JsonNode node)
    {
        if (node is JsonArray list)
            foreach (var one in list.OfType<JsonNode>()) AnyForAnyOf(one);
        if (node is not JsonObject some) return;
        some.Remove("anyOf");
        foreach (var (_, value) in some.ToArray())
            if (value is not null) AnyForAnyOf(value);
    }

    private static async Task<bool> HasPackagesAsync()
    {
        try
        {
            await ChildProgram.OutputAsync(new ProcessStartInfo(Python, ["-c", "import urllib3, certifi, dateutil, six"]));
            return true;
        }
        catch (Exception missing) when (missing is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

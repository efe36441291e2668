using Darkroom.EndToEnd.Clients;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Generators;

/// <summary>
/// Clients in TypeScript, generated from the document that the server serves, compiled with the strictest of the compiler's settings that is in
/// common use (<c>tsc --strict</c>) and run by Node.js. The programs on them are <c>tests/node/clients/*.ts</c>.
/// </summary>
public sealed class TypeScriptTests(ClientServer server) : IClassFixture<ClientServer>
{
    private static readonly string Folder = Path.Combine(NodeRuntime.Folder, "clients");

    private string Document => server.Address + "/openapi/v1.json";

    [Fact]
    public async Task A_client_of_openapi_typescript_and_openapi_fetch()
    {
        await NodeProgram.OutputAsync(
            "node_modules/openapi-typescript/bin/cli.js", Folder, Document, "--output", "generated/openapi-typescript/schema.d.ts");
        await RunAsync("openapi-fetch");
    }

    [Fact]
    public async Task A_client_of_hey_api()
    {
        await NodeProgram.OutputAsync("node_modules/@hey-api/openapi-ts/bin/run.js", Folder, "--input", Document);
        await RunAsync("hey-api");
    }

    private async Task RunAsync(string program)
    {
        string built = Path.Combine(Folder, "generated", "built", program);
        await NodeProgram.OutputAsync("node_modules/typescript/bin/tsc", Folder, "--project", $"tsconfig.{program}.json", "--strict", "--outDir", built);
        string output = await NodeProgram.OutputAsync(
            Path.Combine(built, program + ".js"), Folder, server.Address, ClientServer.Key, Path.Combine(server.Folder, "canvas.png"));
        await GeneratedClient.CheckAsync(server, NodeProgram.Last(output));
    }
}

using Darkroom.EndToEnd.Clients;
using Darkroom.TestKit;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace Darkroom.EndToEnd.Generators;

/// <summary>Clients in C# that NSwag generates from the OpenAPI 3.0 copy of the document, compiled and run.</summary>
public sealed class NSwagTests(ClientServer server) : IClassFixture<ClientServer>
{
    private const string Program = "NSwagProgram.cs";

    [Fact]
    public async Task A_client_in_CSharp()
    {
        string document = await server.Client.GetStringAsync("/openapi/v1-3.0.json");
        string folder = Path.Combine(Repository.Root, "tests", "Darkroom.EndToEnd", "Generators", "Programs");
        var gave = await CSharpProgram.RunAsync("Darkroom.EndToEnd.Generators.Programs.NSwagProgram",
        [
            (Program, await File.ReadAllTextAsync(Path.Combine(folder, Program))),
            // A method of NSwag's has one kind of body and one kind of answer, so there is a client of each that the program uses.
            ("Json.cs", await GenerateAsync(document, "Json", "application/json", "application/json")),
            ("Forms.cs", await GenerateAsync(document, "Forms", "multipart/form-data", "application/json")),
            ("Pictures.cs", await GenerateAsync(document, "Pictures", "application/json", "image/png")),
        ], server.Address + "/", ClientServer.Key, Path.Combine(server.Folder, "canvas.png"));
        await GeneratedClient.CheckAsync(server, gave);
    }

    private static async Task<string> GenerateAsync(string document, string name, string body, string answer)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = name + "Client",
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
        };
        settings.CSharpGeneratorSettings.Namespace = "Generated." + name;
        settings.CSharpGeneratorSettings.JsonLibrary = NJsonSchema.CodeGeneration.CSharp.CSharpJsonLibrary.SystemTextJson;
        settings.CSharpGeneratorSettings.JsonLibraryVersion = 10;
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(OneKind.Of(document, body, answer).ToJsonString()), settings).GenerateFile();
    }
}

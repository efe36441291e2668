using System.Diagnostics;
using System.Text.Json.Nodes;
using Darkroom.Server.Tests.Scripted;
using Darkroom.TestKit;

namespace Darkroom.Server.Tests.OpenApi;

/// <summary>The document by the rules of Redocly, Spectral and OWASP; tests/node has what is asked, with a reason beside each rule that is not.</summary>
public sealed class LintTests
{
    private static readonly string[] Redocly = ["node_modules/@redocly/cli/bin/cli.js", "lint", "--config"],
        Spectral = ["node_modules/@stoplight/spectral-cli/dist/index.js", "lint", "--fail-severity", "error", "--quiet", "--ruleset"];

    [Theory]
    [InlineData("/openapi/v1.json", "redocly.yaml")]
    [InlineData("/openapi/v1-3.0.json", "redocly-3.0.yaml")]
    public async Task Redocly_has_nothing_against_it(string address, string rules)
    {
        var file = await SaveAsync(address, static _ => { });
        var (exit, said) = await RunAsync([.. Redocly, rules, file]);
        Assert.True(exit == 0, said);
        Assert.Contains("Your API description is valid", said, StringComparison.Ordinal);

        var broken = await SaveAsync(address, static document => document["paths"]!["/v1/models"]!["get"]!.AsObject().Remove("operationId"));
        Assert.Contains("operation-operationId", (await RunAsync([.. Redocly, rules, broken])).Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/openapi/v1.json", "spectral.yaml")]
    [InlineData("/openapi/v1-3.0.json", "spectral-3.0.yaml")]
    public async Task Spectral_and_the_rules_of_OWASP_have_nothing_against_it(string address, string rules)
    {
        var file = await SaveAsync(address, static _ => { });
        var (exit, said) = await RunAsync([.. Spectral, rules, file]);
        Assert.True(exit == 0, said);

        var loose = await SaveAsync(address, static document =>
        {
            var schemas = document["components"]!["schemas"]!;
            schemas["Txt2ImgRequest"]!["properties"]!["prompt"]!.AsObject().Remove("maxLength");
            schemas["Txt2ImgRequest"]!["properties"]!["loras"]!.AsObject().Remove("maxItems");
            schemas["Txt2ImgRequest"]!["properties"]!["steps"]!.AsObject().Remove("maximum");
        });
        (exit, said) = await RunAsync([.. Spectral, rules, loose]);
        Assert.Equal(1, exit);
        Assert.All((string[])["requests-string-limit", "requests-array-limit", "integer-limit"], rule => Assert.Contains(rule, said, StringComparison.Ordinal));
    }

    private static async Task<string> SaveAsync(string address, Action<JsonNode> change)
    {
        Assert.True(NodeRuntime.Has("@redocly/cli"), "The linters are not installed: run ./test restore.");
        await using var server = await RunningServer.StartAsync();
        var document = JsonNode.Parse(await server.Client.GetStringAsync(address))!;
        change(document);
        var file = Path.Combine(Directory.CreateTempSubdirectory("darkroom-lint-").FullName, "openapi.json");
        await File.WriteAllTextAsync(file, document.ToJsonString());
        return file;
    }

    private static async Task<(int Exit, string Said)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(NodeRuntime.Program, arguments)
            { WorkingDirectory = NodeRuntime.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, await output + await errors);
    }
}

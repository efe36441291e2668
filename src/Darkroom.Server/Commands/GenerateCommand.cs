using System.CommandLine;
using System.Text.Json.Nodes;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary><c>generate "a fox" --output fox.png</c>: a picture without a server.</summary>
internal static class GenerateCommand
{
    public static Command Create(CommonOptions common)
    {
        var prompt = new Argument<string>("prompt") { Description = "What the picture shows." };
        var output = new Option<string>("--output", "-o")
            { Description = "File to write; with --count above 1, fox-1.png, fox-2.png … Default: darkroom-SEED.FORMAT", HelpName = "file" };
        var fields = new GenerateFields();
        var command = new Command("generate", "Makes a picture and writes it to a file.") { prompt, output };
        command.TreatUnmatchedTokensAsErrors = false;
        fields.AddTo(command);
        command.SetAction((parsed, cancellation) => common.GuardAsync(() =>
        {
            var file = parsed.GetValue(output);
            var body = fields.Body(parsed, parsed.GetRequiredValue(prompt), file);
            return RunAsync(common.Read(parsed, QuietLog), body, file, common.Console, cancellation);
        }));
        return command;
    }

    /// <summary>For commands whose output is for a person: only what goes wrong is logged.</summary>
    public static (string Key, string? Value) QuietLog => ("Serilog:MinimumLevel:Default", "Warning");

    private static async Task<int> RunAsync(ServerOptions options, JsonObject body, string? file, IConsole console, CancellationToken cancellation)
    {
        using var host = DarkroomHost.BuildWorker(options);
        await host.StartAsync(cancellation);
        try
        {
            return await ActivatorUtilities.CreateInstance<GenerateRun>(host.Services, console).RunAsync(body, file, cancellation);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }
}

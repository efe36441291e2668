using System.CommandLine;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary><c>serve</c>: the HTTP server, until a signal.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(CommonOptions common)
    {
        var command = new Command(Name, "Serves over HTTP (the default).") { TreatUnmatchedTokensAsErrors = false };
        Configure(command, common);
        return command;
    }

    /// <summary>Makes a command serve; the root is one too.</summary>
    public static void Configure(Command command, CommonOptions common)
    {
        var urls = new Option<string>("--urls") { Description = $"Addresses to listen on. Default: {DarkroomHost.DefaultAddress}", HelpName = "addresses" };
        command.Add(urls);
        command.SetAction((parsed, _) => common.GuardAsync(() => ServeAsync(common.Read(parsed, ("urls", parsed.GetValue(urls))), common.Console)));
    }

    private static async Task<int> ServeAsync(ServerOptions options, IConsole console)
    {
        await using var app = DarkroomHost.BuildServer(options);
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException taken) when (!app.Lifetime.ApplicationStarted.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync($"The server cannot listen: {taken.Message}");
            return 1;
        }
    }
}

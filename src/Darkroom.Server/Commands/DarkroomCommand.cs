using System.CommandLine;
using Darkroom.Server.Commands.Generate;
using Darkroom.Server.Commands.Pull;
using Darkroom.Server.Commands.Shelf;
using Darkroom.Server.Commands.Top;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary>The executable's commands; without one it serves.</summary>
internal static class DarkroomCommand
{
    // For the short commands; the server has its own way out.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, Action<IServiceCollection, DarkroomSettings> rooms, IConsole console)
    {
        var common = new CommonOptions(rooms, console);
        var root = new RootCommand("Darkroom: pictures from diffusion models, over HTTP and on the command line.") { TreatUnmatchedTokensAsErrors = false };
        root.Add(common.Urls);
        root.Add(common.ModelsPath);
        root.Add(common.DataPath);
        root.Add(common.Insecure);
        root.Add(common.Role);
        ServeCommand.Configure(root, common);
        root.Add(ServeCommand.Create(common));
        root.Add(GenerateCommand.Create(common));
        root.Add(UpscaleCommand.Create(common));
        root.Add(VerifyCommand.Create(common));
        root.Add(KeysCommand.Create(common));
        root.Add(ModelsCommand.Create(common));
        root.Add(PullCommand.Create(common));
        root.Add(InfoCommand.Create(common));
        root.Add(DoctorCommand.Create(common));
        root.Add(HealthCommand.Create(common));
        root.Add(ConfigCommand.Create(common));
        root.Add(TopCommand.Create(common));

        var parsed = root.Parse(args);
        var serves = parsed.CommandResult.Command is RootCommand or { Name: ServeCommand.Name };
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = console.Out,
            Error = console.Error,
            ProcessTerminationTimeout = serves ? null : Patience,
            EnableDefaultExceptionHandler = false,
        });
    }
}

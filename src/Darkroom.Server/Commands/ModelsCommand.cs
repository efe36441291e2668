using System.CommandLine;
using Darkroom.Models.Catalog;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands;

/// <summary><c>models</c>: a table of what lies under the models path.</summary>
internal static class ModelsCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("models", "Lists the models.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, _) => common.GuardAsync(() => RunAsync(common.Read(parsed, GenerateCommand.QuietLog), common.Console)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, IConsole console)
    {
        using var host = DarkroomHost.BuildWorker(options);
        var models = host.Services.GetRequiredService<IModelDirectory>();
        if (models.All.Count == 0)
        {
            await console.Out.WriteLineAsync($"No models in {host.Services.GetRequiredService<DarkroomSettings>().ModelsPath}.");
            return 0;
        }

        string[][] rows = [["ID", "TITLE", "FAMILY", "SIZE", "MEMORY", "STATE"], .. models.All.Select(model => Row(model, model.Id == models.Default?.Id))];
        foreach (var line in TextTable.Lines(rows)) await console.Out.WriteLineAsync(line);
        return 0;
    }

    private static string[] Row(ModelDescription model, bool isDefault) =>
    [
        isDefault ? model.Id + " *" : model.Id, model.Title, model.Family ?? "-", model.Fault is null ? $"{model.NativeSize}…{model.MaxSize}" : "-",
        $"{model.MemoryBytes / (1024 * 1024)} MiB", model.Fault ?? "ok",
    ];
}

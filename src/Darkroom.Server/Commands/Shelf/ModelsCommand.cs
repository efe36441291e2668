using System.CommandLine;
using Darkroom.Models.Catalog;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Commands.Shelf;

/// <summary><c>models</c>: tables of what lies under the models path; one model at length where it is named.</summary>
internal static class ModelsCommand
{
    public static Command Create(CommonOptions common)
    {
        var command = new Command("models", "Lists the models, and what is used with them.") { TreatUnmatchedTokensAsErrors = false };
        var model = new Option<string>("--model", "-m") { Description = "Explain one model: parts, sizes, memory, what fits it.", HelpName = "id" };
        command.Options.Add(model);
        command.SetAction((parsed, _) => common.GuardAsync(
            () => RunAsync(common.Read(parsed, CommonOptions.QuietLog), parsed.GetValue(model), common.Console)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, string? id, IConsole console)
    {
        using var host = DarkroomHost.BuildWorker(options);
        var shelf = ActivatorUtilities.CreateInstance<ModelShelf>(host.Services);
        foreach (var line in id is null ? ShelfTables.Of(shelf) : ModelReport.Of(Find(shelf.Models, id), shelf)) await console.Out.WriteLineAsync(line);
        return 0;
    }

    private static ModelDescription Find(IModelDirectory models, string id) => models.Find(id)
        ?? throw new UsageException($"There is no model '{id}'.{Suggestion.Sentence(id, models.All.Select(model => model.Id))}");
}

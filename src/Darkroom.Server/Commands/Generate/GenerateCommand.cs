using System.CommandLine;
using Darkroom.Models.Fields;
using Darkroom.Server.Commands.Generate.Terminal;

namespace Darkroom.Server.Commands.Generate;

/// <summary>
/// <c>generate "a fox" --output fox.png</c>: a picture, without a server or by one. A picture to begin with, a mask or a side that is added make it one of the
/// other tasks.
/// </summary>
internal static class GenerateCommand
{
    public static Command Create(CommonOptions common)
    {
        var prompt = new Argument<string>("prompt") { Description = "What the picture shows." };
        var output = new Option<string>("--output", "-o")
            { Description = "File to write; with --count above 1, fox-1.png, fox-2.png … Default: darkroom-SEED.FORMAT", HelpName = "file" };
        var watch = new Option<bool>("--watch")
            { Description = "Show the picture on its way, in terminals of colour: as a picture where they have kitty's or iTerm2's way, else in blocks." };
        var (fields, server) = (new GenerateFields(FieldTasks.Generations), new ServerChoice());
        var command = new Command("generate",
            "Makes a picture and writes it to a file. --image changes a picture, with --mask a part of it; --left, --right, --up and --down extend it.")
            { prompt, output, watch };
        command.TreatUnmatchedTokensAsErrors = false;
        server.AddTo(command);
        fields.AddTo(command);
        command.SetAction((parsed, cancellation) => common.GuardAsync(() =>
        {
            var (console, file) = (common.Console, parsed.GetValue(output));
            var order = fields.Order(parsed, fields.TaskOf(parsed), file);
            order.Fields[FieldTable.Prompt.Name] = parsed.GetRequiredValue(prompt);
            var screen = parsed.GetValue(watch) ? PreviewScreen.Of(console) : null;
            if (screen is not null) order.Fields[FieldTable.PreviewEvery.Name] = 1;
            return CommandRun.RunAsync(
                order, file, server.Read(parsed, console), common.Read(parsed, CommonOptions.QuietLog), new RunView(console, screen), console, cancellation);
        }));
        return command;
    }
}

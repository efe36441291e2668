using System.CommandLine;
using Darkroom.Engine.Jobs;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Commands.Generate;

/// <summary><c>upscale fox.png --scale 4</c>: enlarges a picture, without a server or by one.</summary>
internal static class UpscaleCommand
{
    public static Command Create(CommonOptions common)
    {
        var image = new Argument<string>("file") { Description = "The picture to enlarge: PNG, JPEG or WebP." };
        var output = new Option<string>("--output", "-o") { Description = "File to write. Default: FILE-WIDTHxHEIGHT.FORMAT", HelpName = "file" };
        var (fields, server) = (new GenerateFields(FieldTasks.Upscale), new ServerChoice());
        var command = new Command("upscale", "Enlarges a picture and writes it to a file.") { image, output };
        command.TreatUnmatchedTokensAsErrors = false;
        server.AddTo(command);
        fields.AddTo(command);
        command.SetAction((parsed, cancellation) => common.GuardAsync(() =>
        {
            var (console, file) = (common.Console, parsed.GetValue(output));
            var order = fields.Order(parsed, GenerationTask.Upscale, file) with
            {
                Pictures = [(FieldTable.UpscaleImage.Name, parsed.GetRequiredValue(image))],
            };
            return CommandRun.RunAsync(
                order, file, server.Read(parsed, console), common.Read(parsed, CommonOptions.QuietLog), new RunView(console, null), console, cancellation);
        }));
        return command;
    }
}

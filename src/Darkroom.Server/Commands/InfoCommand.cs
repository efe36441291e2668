using System.CommandLine;
using Darkroom.Imaging;
using Darkroom.Imaging.Decoding;
using Darkroom.Imaging.Metadata;

namespace Darkroom.Server.Commands;

/// <summary><c>info</c>: the generation parameters that a picture's file carries.</summary>
internal static class InfoCommand
{
    public static Command Create(CommonOptions common)
    {
        var file = new Argument<string>("file") { Description = "A PNG, JPEG or WebP picture." };
        var command = new Command("info", "Shows how a picture was made, if its file says so.") { file };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(file), common.Console, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, IConsole console, CancellationToken cancellation)
    {
        if (await ReadAsync(path, console, cancellation) is not { } bytes) return 1;
        if (!PictureDecoder.TryInspect(bytes, PictureLimits.None, out _, out var fault))
        {
            await console.Error.WriteLineAsync($"{path}: {fault.Message}");
            return 1;
        }
        var record = PictureMetadata.Read(bytes);
        if (record.Info.Length == 0 && record.Texts.Count == 0)
        {
            await console.Error.WriteLineAsync($"{path} says nothing of how it was made.");
            return 1;
        }
        if (record.Info.Length > 0) await console.Out.WriteLineAsync(record.Info);
        // What a tool wrote in a form of its own stands as it is where its values could not be read out of it.
        else
            foreach (var (name, text) in record.Texts)
                await console.Out.WriteLineAsync($"{name}: {text}");
        return 0;
    }

    private static async Task<byte[]?> ReadAsync(string path, IConsole console, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await console.Error.WriteLineAsync(fault.Message);
            return null;
        }
    }
}

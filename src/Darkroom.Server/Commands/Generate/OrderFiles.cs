using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Commands.Generate;

/// <summary>The files of a command: those that it reads, and those that it writes.</summary>
internal static class OrderFiles
{
    /// <exception cref="UsageException">It cannot be read.</exception>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, cancellation);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path} cannot be read: {refused.Message}");
        }
    }

    /// <summary>Writes what a run made, and says so; or says why there is nothing.</summary>
    /// <param name="order">What was asked for.</param>
    /// <param name="end">What came of it.</param>
    /// <param name="file">The file that is wanted; null: one by its seed, or by the picture that was enlarged.</param>
    /// <param name="console">Where it is said.</param>
    /// <param name="cancellation">Stops the writing.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(CommandOrder order, RunEnd end, string? file, IConsole console, CancellationToken cancellation)
    {
        if (end is RunEnd.Refused(var lines))
        {
            foreach (var line in lines) await console.Error.WriteLineAsync(line);
            return 1;
        }
        var made = (RunEnd.Made)end;
        foreach (var warning in made.Warnings) await console.Error.WriteLineAsync("warning: " + warning);
        foreach (var picture in made.Pictures)
        {
            var path = PathFor(order, file, picture, made.Pictures.Count);
            if (await WriteAsync(path, picture.Bytes, cancellation) is { } refused)
            {
                await console.Error.WriteLineAsync($"{path} cannot be written: {refused}");
                return 1;
            }
            var seed = order.Task == GenerationTask.Upscale ? "" : $", seed {picture.Seed}";
            await console.Out.WriteLineAsync($"{path}  {picture.Width}x{picture.Height}{seed}");
        }
        return 0;
    }

    /// <returns>Why the file could not be written; null where it was.</returns>
    private static async Task<string?> WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            await File.WriteAllBytesAsync(path, bytes, cancellation);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return refused.Message;
        }
    }

    private static string PathFor(CommandOrder order, string? file, MadePicture picture, int count)
    {
        var ending = Path.GetExtension(file) is { Length: > 0 } own ? own : "." + picture.Format;
        if (file is null)
            return order.Task == GenerationTask.Upscale
                ? $"{Path.GetFileNameWithoutExtension(order.Pictures[0].Path)}-{picture.Width}x{picture.Height}{ending}" : $"darkroom-{picture.Seed}{ending}";
        return count == 1 ? file : Path.ChangeExtension(file, null) + $"-{picture.Index + 1}{ending}";
    }
}

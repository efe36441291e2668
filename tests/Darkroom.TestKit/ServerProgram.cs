using System.Diagnostics;

namespace Darkroom.TestKit;

/// <summary>The built executable, of the configuration that the calling program was built in.</summary>
public static class ServerProgram
{
    public static string Path { get; } = Find();

    /// <summary>A start of the program that sees no setting of the caller's environment, and whose output can be read.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.ToArray())
            if (name.StartsWith("Darkroom__", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase))
                start.Environment.Remove(name);
        return start;
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<CommandOutcome> RunAsync(params IEnumerable<string> arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(patience.Token);
        return new CommandOutcome(process.ExitCode, await output, await error);
    }

    private static string Find()
    {
        // …/bin/Release/net10.0/ of the caller names both folders.
        var own = new DirectoryInfo(System.IO.Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string name = OperatingSystem.IsWindows() ? "Darkroom.Server.exe" : "Darkroom.Server";
        return System.IO.Path.Combine(Repository.Root, "src", "Darkroom.Server", "bin", own.Parent!.Name, own.Name, name);
    }
}

/// <summary>How a command ended, and what it wrote.</summary>
public sealed record CommandOutcome(int ExitCode, string Output, string Error);

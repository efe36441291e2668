using System.Diagnostics;

namespace Darkroom.TestKit;

/// <summary>Programs that tests run to their end.</summary>
public static class ChildProgram
{
    /// <summary>Runs one, at most three minutes where nothing else is said.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has all that it wrote.</exception>
    /// <exception cref="OperationCanceledException">It had to be ended.</exception>
    public static async Task<string> OutputAsync(ProcessStartInfo start, TimeSpan? atMost = null)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(atMost ?? TimeSpan.FromMinutes(3));
        var (output, faults) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
        string arguments = string.Join(' ', start.ArgumentList);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {arguments} ended with {process.ExitCode}: {await output}{await faults}");
        return await output;
    }
}

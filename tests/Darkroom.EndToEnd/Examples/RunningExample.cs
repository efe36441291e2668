using System.Diagnostics;
using System.Text;
using Darkroom.TestKit;

namespace Darkroom.EndToEnd.Examples;

/// <summary>An example on its way.</summary>
internal sealed class RunningExample : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new(), error = new();

    public RunningExample(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(output, line.Data);
        process.ErrorDataReceived += (_, line) => Take(error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to standard output so far, whole lines.</summary>
    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    /// <summary>Until a line of its output holds <paramref name="text"/>.</summary>
    public Task SaidAsync(string text) => Calls.UntilAsync(
        $"the example says '{text}'", () => Task.FromResult(Output.Contains(text, StringComparison.Ordinal)));

    public void Send(int signal) => Signal.Send(process, signal);

    /// <summary>Waits for its end.</summary>
    public async Task<CommandOutcome> ExitAsync(TimeSpan timeout)
    {
        using var patience = new CancellationTokenSource(timeout);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The example has not ended after {timeout.TotalSeconds} s.\n{Output}\n{error}");
        }
        return new CommandOutcome(process.ExitCode, Output, error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static void Take(StringBuilder to, string? line)
    {
        lock (to)
            if (line is not null) to.AppendLine(line);
    }
}

internal static class CommandOutcomes
{
    /// <summary>The output of a command that ended well.</summary>
    public static string Succeeded(this CommandOutcome outcome)
    {
        Assert.True(outcome.ExitCode == 0, $"The example ended with {outcome.ExitCode}.\n{outcome.Output}\n{outcome.Error}");
        return outcome.Output;
    }
}

using System.CommandLine;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Top;

/// <summary><c>top</c>: what a running server is at, again and again, until q is pressed; once where nobody watches.</summary>
internal static class TopCommand
{
    private const string KeyVariable = "DARKROOM_KEY";
    private const int Width = 120, Height = 50; // where there is no terminal
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1), Keys = TimeSpan.FromMilliseconds(100);

    public static Command Create(CommonOptions common)
    {
        var url = new Option<string?>("--url") { Description = "The server's address. Default: the one of the settings here.", HelpName = "address" };
        var key = new Option<string?>("--key") { Description = $"A key with the scope read. Default: {KeyVariable} of the environment.", HelpName = "key" };
        var once = new Option<bool>("--once") { Description = "Show it once and end, as it is done anyway where the output is no terminal." };
        var command = new Command("top", "Shows what a running server is at: queue, devices, memory, jobs. q ends it.") { url, key, once };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => common.GuardAsync(() => RunAsync(
            common.Console, AddressOf(parsed.GetValue(url), common.Read(parsed)), parsed.GetValue(key) ?? Environment.GetEnvironmentVariable(KeyVariable),
            parsed.GetValue(once), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(IConsole console, Uri server, string? key, bool once, CancellationToken cancellation)
    {
        using var source = new TopSource(server, string.IsNullOrEmpty(key) ? null : key);
        if (once || !console.IsTerminal) return await ShowAsync(console, source, cancellation);
        using (TopScreen.Enter(console.Out))
            await WatchAsync(console, source, cancellation);
        return 0;
    }

    private static async Task<int> ShowAsync(IConsole console, TopSource source, CancellationToken cancellation)
    {
        var reading = await source.ReadAsync(cancellation);
        if (reading.Fault is { } fault)
        {
            await console.Error.WriteLineAsync(fault);
            return 1;
        }
        int width = console.IsTerminal ? Console.WindowWidth : Width;
        foreach (var line in TopScreen.Lines(TopFrame.Of(source.Server, reading, width, Height), width, isColoured: console.IsTerminal))
            await console.Out.WriteLineAsync(line);
        return 0;
    }

    private static async Task WatchAsync(IConsole console, TopSource source, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                var reading = await source.ReadAsync(cancellation);
                for (var waited = TimeSpan.Zero; waited < Interval; waited += Keys)
                {
                    // Drawn each time: the terminal may have another size by now.
                    int width = Math.Max(20, Console.WindowWidth - 1), height = Console.WindowHeight - 1; // what is in the last place would scroll it
                    TopScreen.Draw(console.Out, TopFrame.Of(source.Server, reading, width, height), width, height);
                    while (Console.KeyAvailable)
                        if (Console.ReadKey(intercept: true).Key is ConsoleKey.Q or ConsoleKey.Escape) return;
                    await Task.Delay(Keys, cancellation);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Ctrl+C is as good as q.
        }
    }

    /// <summary>Where the server is: as given, or where the settings here have one listen, by a name that this machine can call.</summary>
    private static Uri AddressOf(string? given, ServerOptions options)
    {
        var text = given ?? DarkroomHost.ReadAddress(options);
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
        throw new UsageException($"'{text}' is no address of a server: write one such as {DarkroomHost.DefaultAddress}.");
    }
}

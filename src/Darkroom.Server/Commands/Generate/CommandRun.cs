using Darkroom.Client;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Generate;

/// <summary>From what a command asks to an exit code, on a server or here.</summary>
internal static class CommandRun
{
    /// <summary>Makes what was ordered, and writes it to files.</summary>
    /// <param name="order">What is asked for.</param>
    /// <param name="file">The file that is wanted; null: the command has a name of its own.</param>
    /// <param name="server">Null: the work is done here.</param>
    /// <param name="options">Settings of the work here.</param>
    /// <param name="view">What a person sees.</param>
    /// <param name="console">Where results and complaints go.</param>
    /// <param name="cancellation">Cancels the job.</param>
    public static Task<int> RunAsync(
        CommandOrder order, string? file, DarkroomClientOptions? server, ServerOptions options, RunView view, IConsole console,
        CancellationToken cancellation) =>
        RunAsync(server, options, view, maker => maker.RunAsync(order, view, cancellation),
            end => OrderFiles.WriteAsync(order, end, file, console, cancellation), cancellation);

    /// <summary>The same of anything that pictures are made for.</summary>
    /// <param name="server">Null: the work is done here.</param>
    /// <param name="options">Settings of the work here.</param>
    /// <param name="view">What a person sees.</param>
    /// <param name="run">Has it made.</param>
    /// <param name="tell">Tells how that ended, and gives the exit code.</param>
    /// <param name="cancellation">Cancels the job.</param>
    public static async Task<int> RunAsync(
        DarkroomClientOptions? server, ServerOptions options, RunView view, Func<IPictureMaker, Task<RunEnd>> run, Func<RunEnd, Task<int>> tell,
        CancellationToken cancellation)
    {
        if (server is not null)
        {
            using var client = new DarkroomClient(server);
            return await tell(await MakeAsync(new ServerRun(client), view, run));
        }
        using var host = DarkroomHost.BuildWorker(options);
        await host.StartAsync(cancellation);
        try
        {
            return await tell(await MakeAsync(new LocalRun(host.Services), view, run));
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<RunEnd> MakeAsync(IPictureMaker maker, RunView view, Func<IPictureMaker, Task<RunEnd>> run)
    {
        try
        {
            return await run(maker);
        }
        finally
        {
            view.End();
        }
    }
}

using Darkroom.Client;
using Darkroom.Server.Configuration;

namespace Darkroom.Server.Commands.Generate;

/// <summary>From an order to files and an exit code, on a server or here.</summary>
internal static class CommandRun
{
    /// <param name="order">What is asked for.</param>
    /// <param name="file">The file that is wanted; null: the command has a name of its own.</param>
    /// <param name="server">Null: the work is done here.</param>
    /// <param name="options">Settings of the work here.</param>
    /// <param name="view">What a person sees.</param>
    /// <param name="console">Where results and complaints go.</param>
    /// <param name="cancellation">Cancels the job.</param>
    public static async Task<int> RunAsync(
        CommandOrder order, string? file, DarkroomClientOptions? server, ServerOptions options, RunView view, IConsole console, CancellationToken cancellation)
    {
        RunEnd end;
        if (server is not null)
        {
            using var client = new DarkroomClient(server);
            end = await MakeAsync(new ServerRun(client), order, view, cancellation);
            return await OrderFiles.WriteAsync(order, end, file, console, cancellation);
        }
        using var host = DarkroomHost.BuildWorker(options);
        await host.StartAsync(cancellation);
        try
        {
            end = await MakeAsync(new LocalRun(host.Services), order, view, cancellation);
            return await OrderFiles.WriteAsync(order, end, file, console, cancellation);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static async Task<RunEnd> MakeAsync(IPictureMaker maker, CommandOrder order, RunView view, CancellationToken cancellation)
    {
        try
        {
            return await maker.RunAsync(order, view, cancellation);
        }
        finally
        {
            view.End();
        }
    }
}

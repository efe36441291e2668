using System.CommandLine;
using Darkroom.Server.Configuration;
using Darkroom.Server.Health;

namespace Darkroom.Server.Commands;

/// <summary><c>health</c>: asks the server that runs on this machine with these settings; exit code 0 where it is ready, and 1 else.</summary>
internal static class HealthCommand
{
    // Containers take the program for sick when it takes longer; a probe that hangs is none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(CommonOptions common)
    {
        var live = new Option<bool>("--live") { Description = "Ask whether it answers at all (/livez), and not whether it is ready for work (/readyz)." };
        var command = new Command("health", "Asks the running server whether it is ready for work.") { live };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => common.GuardAsync(
            () => RunAsync(common.Read(parsed), parsed.GetValue(live) ? "/livez" : "/readyz", common.Console, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, string path, IConsole console, CancellationToken cancellation)
    {
        var outcome = await ServerProbe.AskAsync(Choose(ListenSettings.Read(options)), path, Patience, cancellation);
        await (outcome.IsGood ? console.Out : console.Error).WriteLineAsync(outcome.Text);
        return outcome.IsGood ? 0 : 1;
    }

    /// <summary>Any will do: the plain ones first, which are answered in less time.</summary>
    private static ProbeAddress Choose(IReadOnlyList<string> listens)
    {
        var addresses = listens.OrderBy(ListenAddresses.IsHttps).Select(ProbeAddress.Of).ToList();
        return addresses.Find(address => address is not null) ?? throw new UsageException(
            $"The server listens on '{string.Join(';', listens)}', which cannot be asked: "
            + "an address with a port is needed, as --urls or ASPNETCORE_URLS gives it.");
    }
}

using System.CommandLine;
using System.Net.Sockets;
using System.Security.Cryptography;
using Darkroom.Engine.Queue;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation;
using Darkroom.Server.Health;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Commands;

/// <summary><c>serve</c>: the HTTP server, until a signal.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(CommonOptions common)
    {
        var command = new Command(Name, "Serves over HTTP (the default).") { TreatUnmatchedTokensAsErrors = false };
        Configure(command, common);
        return command;
    }

    /// <summary>Makes a command serve; the root is one too.</summary>
    public static void Configure(Command command, CommonOptions common) =>
        command.SetAction((parsed, _) => common.GuardAsync(() => ServeAsync(common.Read(parsed), common.Console)));

    private static async Task<int> ServeAsync(ServerOptions options, IConsole console)
    {
        await using var app = DarkroomHost.BuildServer(options);
        var started = app.Lifetime.ApplicationStarted;
        var usesHttps = ListenAddresses.Of(app.Configuration).Any(ListenAddresses.IsHttps);
        var failed = app.Services.GetRequiredService<EngineLifetime>().Failed;
        ProcessEnd.Guard(app.Lifetime, app.Services.GetRequiredService<Drain>());
        if (StartChecks.NeedsFirstKey(app.Configuration, app.Services.GetRequiredService<DarkroomSettings>())) await ShowFirstKeyAsync(app.Services, console);
        try
        {
            await app.RunAsync();
            return failed.IsCancellationRequested ? ProcessEnd.Failed : 0;
        }
        catch (Exception refused) when (!started.IsCancellationRequested && IsOfCertificate(refused) && usesHttps)
        {
            throw new SettingsException("An https address needs a certificate that can be read: set Kestrel:Certificates:Default:Path and :Password. "
                + refused.Message.ReplaceLineEndings(" "));
        }
        catch (Exception refused) when (!started.IsCancellationRequested && refused is IOException or FormatException or SocketException)
        {
            await console.Error.WriteLineAsync($"The server cannot listen: {refused.Message}");
            return 1;
        }
    }

    /// <summary>On standard output alone, and by no logger: the log is kept and sent elsewhere.</summary>
    private static async Task ShowFirstKeyAsync(IServiceProvider services, IConsole console)
    {
        if (await FirstKey.MakeAsync(services.GetRequiredService<IKeyStore>(), TimeProvider.System.GetUtcNow()) is not { } text) return;
        await console.Out.WriteLineAsync($"The first key of this server ({string.Join(',', KeyScopes.NamesOf(FirstKey.Scopes))}), shown now and never again:");
        await console.Out.WriteLineAsync(text);
        await console.Out.WriteLineAsync(
            $"Send it as 'Authorization: Bearer KEY'. If it is lost: 'darkroom keys remove {FirstKey.Name}', and make another by 'darkroom keys add NAME'.");
    }

    private static bool IsOfCertificate(Exception refused) => refused is InvalidOperationException or CryptographicException or FileNotFoundException;
}

using System.CommandLine;
using Darkroom.Client;

namespace Darkroom.Server.Commands.Generate;

/// <summary>Options that say on which server a command works; without them, and without their variables, on none.</summary>
internal sealed class ServerChoice
{
    private const string UrlVariable = "DARKROOM_URL", KeyVariable = "DARKROOM_KEY";

    // A person waits: a server that does not answer is told of soon. One that is restarted in the middle of a job is waited for all the same.
    private const int Retries = 2;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);

    private readonly Option<string> server = new("--server")
        { Description = $"Address of a server that does the work; '' for none. Default: {UrlVariable} of the environment, else none.", HelpName = "address" };

    private readonly Option<string> key = new("--key")
        { Description = $"A key of that server with the scope generate. Default: {KeyVariable} of the environment.", HelpName = "key" };

    public void AddTo(Command command)
    {
        command.Add(server);
        command.Add(key);
    }

    /// <returns>The server; null: the work is done here.</returns>
    /// <exception cref="UsageException">The address is none.</exception>
    public DarkroomClientOptions? Read(ParseResult parsed, IConsole console)
    {
        var (said, name) = parsed.GetValue(server) is { } option ? (option, server.Name) : (console.Variable(UrlVariable), UrlVariable);
        if (string.IsNullOrWhiteSpace(said)) return null;
        if (!Uri.TryCreate(said, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"{name} is '{said}', and must be an http or https address, e.g. http://127.0.0.1:8080.");
        var own = parsed.GetValue(key) ?? console.Variable(KeyVariable);
        return new() { BaseAddress = address, ApiKey = string.IsNullOrEmpty(own) ? null : own, MaxRetries = Retries, RetryDelay = RetryDelay };
    }
}

using System.CommandLine;
using Darkroom.Engine.Queue;
using Darkroom.Server.Configuration;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Commands;

/// <summary>What every command takes: paths, and any setting as <c>--Darkroom:Key=value</c>. Paths stand against the caller's folder.</summary>
internal sealed class CommonOptions(Action<IServiceCollection, DarkroomSettings> rooms, IConsole console)
{
    public Option<string> ModelsPath { get; } = new("--models-path") { Description = "Folder of the models.", HelpName = "folder", Recursive = true };

    public Option<string> DataPath { get; } = new("--data-path") { Description = "Folder of what the server keeps.", HelpName = "folder", Recursive = true };

    public Option<string> Urls { get; } = new("--urls")
        { Description = $"Addresses to listen on. Default: {DarkroomHost.DefaultAddress}", HelpName = "addresses", Recursive = true };

    public Option<bool> Insecure { get; } = new("--insecure")
        { Description = "Let everybody in who reaches an address beyond this machine, where there are no keys.", Recursive = true };

    public Option<string> Role { get; } = new("--role")
        { Description = "What the process does: all (the default), api or worker; Darkroom:Role.", HelpName = "role", Recursive = true };

    public IConsole Console => console;

    /// <summary>For commands whose output is for a person: only what goes wrong is logged.</summary>
    public static (string Key, string? Value) QuietLog => ("Serilog:MinimumLevel:Default", "Warning");

    /// <exception cref="UsageException">A word on the command line means nothing.</exception>
    public ServerOptions Read(ParseResult parsed, params (string Key, string? Value)[] more)
    {
        var values = CommandLineSettings.Read(parsed.UnmatchedTokens, parsed.RootCommandResult.Command.Subcommands.Select(command => command.Name));
        if (parsed.GetValue(ModelsPath) is { } models) values["Darkroom:ModelsPath"] = Path.GetFullPath(models);
        if (parsed.GetValue(DataPath) is { } data) values["Darkroom:DataPath"] = Path.GetFullPath(data);
        if (parsed.GetValue(Urls) is { } urls) values["urls"] = urls;
        if (parsed.GetValue(Role) is { } role) values["Darkroom:Role"] = role;
        if (parsed.GetValue(Insecure)) values["Darkroom:Insecure"] = "true";
        foreach (var (key, value) in more)
            if (value is not null)
                values[key] = value;
        return new() { Overrides = values, Interactive = console.IsInteractive, Rooms = rooms };
    }

    /// <summary>Runs a command's work and says in a sentence what is wrong with the settings, the command line or a file.</summary>
    public async Task<int> GuardAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (SettingsException fault)
        {
            await console.Error.WriteLineAsync(fault.Message);
            return SettingsException.ExitCode;
        }
        catch (StoreException away)
        {
            await console.Error.WriteLineAsync(away.Message); // another start may find it
            return 1;
        }
        catch (UsageException fault)
        {
            await console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
        catch (InvalidDataException fault)
        {
            await console.Error.WriteLineAsync($"{fault.Message} {fault.InnerException?.Message}".TrimEnd());
            return 1;
        }
    }
}

/// <summary>A word on the command line means nothing.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Settings given as words: <c>--Key=value</c> or <c>--Key value</c>.</summary>
internal static class CommandLineSettings
{
    public static Dictionary<string, string?> Read(IReadOnlyList<string> tokens, IEnumerable<string> commands)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.StartsWith("--", StringComparison.Ordinal))
                throw new UsageException($"'{token}' is no command.{Suggestion.Sentence(token, commands)} See --help.");
            var (key, value) = token[2..].Split('=', 2) is [var name, var given] ? (name, given) : (token[2..], i + 1 < tokens.Count ? tokens[++i] : null);
            if (value is null || !IsSetting(key))
                throw new UsageException($"'--{key}' is no option. See --help; settings are given as --Darkroom:Key=value.");
            values[key] = IsPath(key) ? Path.GetFullPath(value) : value;
        }
        return values;
    }

    private static bool IsPath(string key) => SettingsTable.All.Any(row => row.IsPath && key.Equals(row.Name, StringComparison.OrdinalIgnoreCase));

    private static bool IsSetting(string key) => key.Contains(':', StringComparison.Ordinal) || key is "environment" or "http_ports" or "https_ports";
}

using System.CommandLine;
using System.Globalization;
using Darkroom.Server.Configuration;
using Darkroom.Server.Security.Keys;

namespace Darkroom.Server.Commands;

/// <summary><c>keys</c>: adds, lists and removes the keys of the server whose data folder this is; one that runs takes them at once.</summary>
internal static class KeysCommand
{
    private const string Date = "yyyy-MM-dd HH:mm";

    public static Command Create(CommonOptions common) => new("keys", "Adds, lists and removes keys of callers.") { Add(common), List(common), Remove(common) };

    private static Command Add(CommonOptions common)
    {
        var name = Name("What to call the key: letters, digits, '.', '_' and '-'.");
        var scopes = new Option<string>("--scopes")
        {
            Description = $"What it may do, with commas between: {string.Join(", ", KeyScopes.Names)}. Default: {Text(KeyScopes.Usual)}",
            HelpName = "scopes",
        };
        var days = new Option<double?>("--expires-days") { Description = "Days until it ends; absent: never.", HelpName = "days" };
        var queued = new Option<int?>("--max-queued") { Description = "Jobs of it that may wait at a time.", HelpName = "jobs" };
        var work = new Option<double?>("--max-megapixel-steps") { Description = "Work of it that may wait and run at a time.", HelpName = "number" };
        var retention = new Option<double?>("--retention-hours") { Description = "How long its finished jobs and pictures are kept.", HelpName = "hours" };
        var command = new Command("add", "Makes a key and shows it, once.") { name, scopes, days, queued, work, retention };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) => common.GuardAsync(() => AddAsync(
            common, common.Read(parsed), parsed.GetRequiredValue(name), parsed.GetValue(scopes), parsed.GetValue(days),
            new(NotBelowZero(parsed.GetValue(queued), queued), NotBelowZero(parsed.GetValue(work), work), NotBelowZero(parsed.GetValue(retention), retention)),
            cancellation)));
        return command;
    }

    private static Command List(CommonOptions common)
    {
        var command = new Command("list", "Lists the keys, without their text, which nobody knows.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, cancellation) => common.GuardAsync(() => ListAsync(common.Console, common.Read(parsed), cancellation)));
        return command;
    }

    private static Command Remove(CommonOptions common)
    {
        var name = Name("Name of the key.");
        var command = new Command("remove", "Ends a key.") { name };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancellation) =>
            common.GuardAsync(() => RemoveAsync(common.Console, common.Read(parsed), parsed.GetRequiredValue(name), cancellation)));
        return command;
    }

    private static async Task<int> AddAsync(
        CommonOptions common, ServerOptions options, string name, string? scopes, double? days, CallerLimits limits, CancellationToken cancellation)
    {
        if (!ApiKey.IsName(name))
            throw new UsageException($"'{name}' is no name of a key: up to 64 letters, digits, '.', '_' and '-', the first a letter or digit.");
        var given = scopes?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? KeyScopes.NamesOf(KeyScopes.Usual);
        var allowed = KeyScopes.Of(given) ?? throw new UsageException($"--scopes is '{scopes}', and must be some of: {string.Join(", ", KeyScopes.Names)}.");
        if (days is not (null or (> 0 and <= 36_500))) throw new UsageException("--expires-days must be above 0, and 36500 at most.");
        var (text, now) = (KeyText.New(), TimeProvider.System.GetUtcNow());
        var key = new ApiKey(KeyText.NewId(), name, allowed, KeyHash.Of(text), now)
            { ExpiresAt = days is { } many ? now.AddDays(many) : null, Limits = limits };
        if (!await Store(options, out var path).AddAsync(key, cancellation))
            throw new UsageException($"There is a key of the name {name}: remove it, or choose another.");
        await common.Console.Error.WriteLineAsync($"The key {name} ({Text(allowed)}) is in {path}. Its text is shown now and never again:");
        await common.Console.Out.WriteLineAsync(text);
        return 0;
    }

    private static async Task<int> ListAsync(IConsole console, ServerOptions options, CancellationToken cancellation)
    {
        var keys = KeysFileAccess.Read(PathOf(options)); // and not the store, which would show none where the file is broken
        if (keys.Count == 0)
        {
            await console.Error.WriteLineAsync($"No keys in {PathOf(options)}.");
            return 0;
        }
        string[][] rows = [["NAME", "ID", "SCOPES", "MADE", "ENDS"], .. keys.Select(Row)];
        foreach (var line in TextTable.Lines(rows)) await console.Out.WriteLineAsync(line.AsMemory(), cancellation);
        return 0;
    }

    private static string[] Row(ApiKey key) =>
    [
        key.Name, key.Id, Text(key.Scopes), key.CreatedAt.ToString(Date, CultureInfo.InvariantCulture),
        key.Disabled ? "disabled" : key.ExpiresAt?.ToString(Date, CultureInfo.InvariantCulture) ?? "never",
    ];

    private static async Task<int> RemoveAsync(IConsole console, ServerOptions options, string name, CancellationToken cancellation)
    {
        if (!await Store(options, out var path).RemoveAsync(name, cancellation)) throw new UsageException($"There is no key of the name {name}.");
        await console.Error.WriteLineAsync($"The key {name} is no longer in {path}.");
        return 0;
    }

    private static FileKeyStore Store(ServerOptions options, out string path) =>
        new(path = PathOf(options), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

    private static string PathOf(ServerOptions options) => FileKeyStore.PathIn(DarkroomHost.ReadSettings(options).DataPath);

    private static string Text(KeyScope scopes) => string.Join(',', KeyScopes.NamesOf(scopes));

    private static Argument<string> Name(string about) => new("name") { Description = about };

    private static T? NotBelowZero<T>(T? value, Option option) where T : struct, IComparable<T> =>
        value is { } given && given.CompareTo(default) < 0 ? throw new UsageException($"{option.Name} must be 0 or more.") : value;
}

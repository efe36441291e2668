using System.Collections;
using Darkroom.Server.Configuration.Rows;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Configuration.Memory;

namespace Darkroom.Server.Commands.Config;

/// <summary>Which of the sources of a configuration each value in force comes from: the last one that has it.</summary>
internal sealed class SettingOrigins(IConfigurationRoot configuration)
{
    private readonly IReadOnlyList<IConfigurationProvider> sources = [.. Flatten(configuration.Providers).Reverse()];

    public SettingOrigin Of(Setting row)
    {
        foreach (var key in row.FileKeys)
            if (Find(Setting.NameOf(key)) is { } named)
                return named with { File = configuration[Setting.NameOf(key)] };
        return Find(row.Name) ?? (row.IsMap ? OfPairs(row) : null) ?? SettingOrigin.Default;
    }

    /// <summary>Of a map's first pair that is said; null where there is none.</summary>
    private SettingOrigin? OfPairs(Setting row) =>
        configuration.GetSection(row.Name).GetChildren().Select(pair => Find(pair.Path)).FirstOrDefault(found => found is not null);

    /// <summary>Of a key with its section; null where nothing says it.</summary>
    public SettingOrigin? Find(string key)
    {
        foreach (var source in sources)
        {
            if (!source.TryGet(key, out var value)) continue;
            // The last one wins, and what it says may be nothing.
            return string.IsNullOrEmpty(value) ? null : OriginOf(source, key);
        }
        return null;
    }

    private static SettingOrigin OriginOf(IConfigurationProvider source, string key) => source switch
    {
        JsonConfigurationProvider json => new("file", Path.GetFileName(json.Source.Path) ?? "a JSON file"),
        EnvironmentVariablesConfigurationProvider => new("environment", VariableOf(key)),
        MemoryConfigurationProvider => new("command line", null),
        _ => new("other", source.GetType().Name),
    };

    /// <summary>The variable as it is spelled; it may have a prefix of the host's.</summary>
    private static string VariableOf(string key)
    {
        string[] prefixes = ["", "ASPNETCORE_", "DOTNET_"];
        var names = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => (string)entry.Key).ToList();
        return prefixes.SelectMany(_ => names, (prefix, name) => (prefix, name))
            .Where(one => (one.prefix + key).Equals(one.name.Replace("__", ":", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
            .Select(one => one.name).FirstOrDefault() ?? key.Replace(":", "__", StringComparison.Ordinal);
    }

    private static IEnumerable<IConfigurationProvider> Flatten(IEnumerable<IConfigurationProvider> providers) => providers.SelectMany(provider =>
        provider is ChainedConfigurationProvider { Configuration: IConfigurationRoot inner } ? Flatten(inner.Providers) : [provider]);
}

/// <summary>Where a value comes from.</summary>
/// <param name="Kind"><c>default</c>, <c>file</c>, <c>environment</c>, <c>command line</c>.</param>
/// <param name="Name">Of the file or the variable; null where the kind says all.</param>
internal sealed record SettingOrigin(string Kind, string? Name)
{
    public static readonly SettingOrigin Default = new("default", null);

    /// <summary>The file that a secret was read from; what names it is the origin. Null: it was given itself.</summary>
    public string? File { get; init; }

    public override string ToString() =>
        (File is null ? "" : $"{File}, named by ") + (Name is null ? Kind : Kind == "environment" ? $"environment variable {Name}" : Name);
}

using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Configuration.Rows;

/// <summary>Reads settings by their rows and collects what is wrong with them: values that may not be, and keys that do not exist.</summary>
/// <param name="section">With the values.</param>
/// <param name="home">Absolute folder of relative paths.</param>
internal sealed class SettingsReader(IConfigurationSection section, string home)
{
    private readonly Dictionary<Setting, string?> values = [];
    private readonly List<string> faults = [];

    /// <summary>What was read, as a person may see it; null where nothing is said and there is no default.</summary>
    public IReadOnlyDictionary<Setting, string?> Values => values;

    /// <summary>A sentence for each thing that is wrong.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <returns>The default where nothing is said, and where what is said is wrong, which is noted.</returns>
    public T Read<T>(Setting<T> row)
    {
        var value = ValueOf(row);
        values[row] = row.Show(value);
        return value;
    }

    /// <summary>Whether something is said of it, be it right or wrong.</summary>
    public bool IsGiven(Setting row) => row.Keys.Any(key => Text(key) is not null) || Pairs(row) is not null;

    /// <summary>Notes what is wrong with a setting, without its value.</summary>
    /// <param name="row">Which.</param>
    /// <param name="rule">What follows its name.</param>
    public void Refuse(Setting row, string rule) => faults.Add($"{row.Name} {rule}.");

    /// <summary>Notes every key that is the one of no setting.</summary>
    /// <param name="known">All settings that there are.</param>
    public void RefuseUnknown(IEnumerable<Setting> known)
    {
        var keys = known.SelectMany(row => row.Keys).ToDictionary(key => key.ToLowerInvariant());
        string[] maps = [.. known.Where(row => row.IsMap).Select(row => row.Key + ":")];
        foreach (var (path, value) in section.AsEnumerable(makePathsRelative: true))
        {
            if (value is null || path.Length == 0 || keys.ContainsKey(path.ToLowerInvariant())) continue;
            if (maps.Any(map => path.StartsWith(map, StringComparison.OrdinalIgnoreCase) && !path.AsSpan(map.Length).Contains(':'))) continue;
            var meant = Suggestion.For(path, keys.Keys) is { } key ? $" Did you mean {Setting.NameOf(keys[key])}?" : "";
            faults.Add($"{Setting.NameOf(path)} is no setting.{meant}");
        }
    }

    private T ValueOf<T>(Setting<T> row)
    {
        string? text = Text(row.Key) ?? Pairs(row);
        if (row.FileKeys.Select(Text).FirstOrDefault(name => name is not null) is { } file)
        {
            text = SecretFile.Read(file, home);
            if (text is null)
            {
                faults.Add($"{Setting.NameOf(row.FileKeys.First())} is '{file}', and that file cannot be read.");
                return row.Kind.Complete(row.Fallback, home);
            }
        }
        if (text is null) return row.Kind.Complete(row.Fallback, home);
        if (row.Kind.TryRead(text, home, out var value)) return value;
        faults.Add(row.Kind.IsQuoted ? $"{row.Name} is '{text}', and {row.Kind.Rule}." : $"{row.Name} {row.Kind.Rule}.");
        return row.Kind.Complete(row.Fallback, home);
    }

    /// <summary>The pairs below a map's key as its text; null: there are none.</summary>
    private string? Pairs(Setting row) => !row.IsMap ? null
        : string.Join(",", section.GetSection(row.Key).GetChildren().Select(pair => $"{pair.Key}={pair.Value}")) is { Length: > 0 } text ? text : null;

    private string? Text(string key) => section[key] is { Length: > 0 } text ? text : null;
}

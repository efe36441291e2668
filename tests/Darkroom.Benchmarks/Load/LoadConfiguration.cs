namespace Darkroom.Benchmarks.Load;

/// <summary>A server that takes part: a name and the settings that it is started with.</summary>
internal sealed record LoadConfiguration(string Name, IReadOnlyList<(string Name, string Value)> Settings)
{
    /// <summary>Reads <c>name:KEY=VALUE,KEY=VALUE</c>; a name alone is a server with the defaults.</summary>
    /// <exception cref="FormatException">A setting has no value.</exception>
    public static LoadConfiguration Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        string[] settings = parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new LoadConfiguration(parts[0], [.. settings.Select(setting => setting.Split('=', 2) is [var name, var value]
            ? (name, value)
            : throw new FormatException($"'{setting}' in '{text}' is not KEY=VALUE."))]);
    }

    /// <summary>The settings as a process's environment, with those that every server of the run gets unless it names them itself.</summary>
    public (string Name, string Value)[] Environment(params ReadOnlySpan<(string Name, string Value)> common)
    {
        var all = Settings.ToList();
        foreach (var setting in common)
            if (!all.Exists(own => own.Name.Equals(setting.Name, StringComparison.OrdinalIgnoreCase))) all.Add(setting);
        return [.. all];
    }

    public override string ToString() =>
        $"{Name}: {(Settings.Count == 0 ? "defaults" : string.Join(", ", Settings.Select(setting => $"{setting.Name}={setting.Value}")))}";
}

using System.Globalization;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Configuration;

/// <summary>Reads one section and collects what is wrong with it: values out of range and keys that do not exist.</summary>
internal sealed class SettingsReader(IConfigurationSection section)
{
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> faults = [];

    /// <summary>The text of a key; null where it is absent or empty.</summary>
    public string? Text(string key)
    {
        known.Add(key);
        return section[key] is { Length: > 0 } text ? text : null;
    }

    public double Number(string key, double min, double max, double fallback, bool whole = false)
    {
        if (Text(key) is not { } text) return fallback;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= min && value <= max && (!whole || value == Math.Floor(value)))
            return value;
        faults.Add(string.Create(CultureInfo.InvariantCulture, $"{Name(key)} is '{text}', and must be a {(whole ? "whole " : "")}number of {min}…{max}."));
        return fallback;
    }

    public T Choice<T>(string key, T fallback) where T : struct, Enum
    {
        if (Text(key) is not { } text) return fallback;
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), text, StringComparison.OrdinalIgnoreCase))
                return value;
        faults.Add($"{Name(key)} is '{text}', and must be one of: {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
        return fallback;
    }

    public bool Flag(string key, bool fallback)
    {
        if (Text(key) is not { } text) return fallback;
        if (bool.TryParse(text, out var value)) return value;
        faults.Add($"{Name(key)} is '{text}', and must be true or false.");
        return fallback;
    }

    /// <summary>
    /// The text of a key that nobody should read over a shoulder: it may stand in a file, as containers get secrets, which <c>KEY_FILE</c> or
    /// <c>KEY:File</c> names. Faults do not quote it.
    /// </summary>
    /// <param name="key">Which.</param>
    /// <param name="home">The folder of relative paths.</param>
    /// <param name="isRight">What it must be.</param>
    /// <param name="rule">The same in words: "must …".</param>
    public string? Secret(string key, string home, Func<string, bool> isRight, string rule)
    {
        var (text, file) = (Text(key), Text(key + "_FILE") ?? Text(key + ":File"));
        try
        {
            if (file is not null) text = File.ReadAllText(Path.GetFullPath(file, home)).Trim();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            faults.Add($"{Name(key)}_FILE is '{file}', and that file cannot be read.");
            return null;
        }
        if (text is null || isRight(text)) return text;
        faults.Add($"{Name(key)} {rule}.");
        return null;
    }

    /// <summary>Whether a key that may stand in a file is given, the one way or the other.</summary>
    public bool HasSecret(string key) => (Text(key) ?? Text(key + "_FILE") ?? Text(key + ":File")) is not null;

    /// <summary>Records what is wrong with a key, without its value.</summary>
    /// <param name="key">Which.</param>
    /// <param name="rule">What follows its name.</param>
    public void Refuse(string key, string rule) => faults.Add($"{Name(key)} {rule}.");

    /// <summary>Records that a key's value is wrong.</summary>
    /// <param name="key">Which.</param>
    /// <param name="rule">What it must be, to follow the value given.</param>
    public void Fault(string key, string rule) => faults.Add($"{Name(key)} is '{Text(key)}', and {rule}.");

    /// <exception cref="SettingsException">Where anything was wrong.</exception>
    public void Finish()
    {
        foreach (var (path, value) in section.AsEnumerable(makePathsRelative: true))
            if (value is not null && path.Length > 0 && !known.Contains(path))
                faults.Add($"{Name(path)} is no setting.{Nearest(path)}");
        if (faults.Count > 0) throw new SettingsException(string.Join(Environment.NewLine, faults));
    }

    private string Nearest(string path)
    {
        var byLower = known.ToDictionary(name => name.ToLowerInvariant());
        return Suggestion.For(path, byLower.Keys) is { } key ? $" Did you mean {Name(byLower[key])}?" : "";
    }

    private string Name(string key) => $"{section.Path}:{key}";
}

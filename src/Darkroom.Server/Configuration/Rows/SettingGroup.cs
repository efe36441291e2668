namespace Darkroom.Server.Configuration.Rows;

/// <summary>Settings that belong together. What makes a row adds it to the group, so that it is told nowhere else.</summary>
/// <param name="title">The heading in the document.</param>
/// <param name="about">What stands below it; empty: nothing.</param>
internal sealed class SettingGroup(string title, string about = "")
{
    private readonly List<Setting> rows = [];

    public string Title => title;

    public string About => about;

    public IReadOnlyList<Setting> Rows => rows;

    public Setting<T> Number<T>(string key, NumberKind<T> kind, T fallback, string about, string? defaultWords = null)
        where T : struct, System.Numerics.INumber<T> => Add(new Setting<T>(key, kind, fallback, about) { DefaultWords = defaultWords });

    /// <summary>A number without a default; what is done without it stands in words.</summary>
    public Setting<T?> OptionalNumber<T>(string key, NumberKind<T> kind, string defaultWords, string about)
        where T : struct, System.Numerics.INumber<T> =>
        Add(new Setting<T?>(key, new OptionalKind<T>(kind), null, about) { DefaultWords = defaultWords });

    public Setting<T> Choice<T>(string key, T fallback, string about) where T : struct, Enum =>
        Add(new Setting<T>(key, new ChoiceKind<T>(), fallback, about));

    public Setting<bool> Flag(string key, bool fallback, string about) => Add(new Setting<bool>(key, new FlagKind(), fallback, about));

    public Setting<T> Text<T>(string key, TextKind<T> kind, T fallback, string about, string? defaultWords = null) where T : class? =>
        Add(new Setting<T>(key, kind, fallback, about) { DefaultWords = defaultWords });

    /// <summary>Pairs of texts: <c>name=value</c> with commas between, or an object of the settings' file.</summary>
    public Setting<T> Map<T>(string key, TextKind<T> kind, T fallback, string about, string defaultWords) where T : class? =>
        Add(new Setting<T>(key, kind, fallback, about) { DefaultWords = defaultWords, IsMap = true });

    /// <param name="key">Its name.</param>
    /// <param name="fallback">A folder, as the settings would have it: below the home folder.</param>
    /// <param name="about">What it means.</param>
    public Setting<string> Path(string key, string fallback, string about) =>
        Add(new Setting<string>(key, new PathKind(), fallback, about) { IsPath = true });

    /// <summary>A file that need not be named; what is done without it stands in words.</summary>
    public Setting<string?> OptionalFile(string key, string defaultWords, string about) =>
        Add(new Setting<string?>(key, new FileKind(), null, about) { IsPath = true, DefaultWords = defaultWords });

    /// <param name="key">Its name.</param>
    /// <param name="rule">What it must be, in words: "must …".</param>
    /// <param name="read">What a text says; null where it is wrong.</param>
    /// <param name="about">What it means.</param>
    /// <param name="defaultWords">What is done without it; null: nothing.</param>
    public Setting<T?> Secret<T>(string key, string rule, Func<string, T?> read, string about, string? defaultWords = null) where T : class =>
        Add(new Setting<T?>(key, new TextKind<T?>("secret", rule, read, static _ => "set") { IsSensitive = true }, null, about)
        {
            IsSecret = true, DefaultWords = defaultWords,
        });

    private Setting<T> Add<T>(Setting<T> row)
    {
        rows.Add(row);
        return row;
    }
}

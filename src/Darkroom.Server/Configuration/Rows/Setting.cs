namespace Darkroom.Server.Configuration.Rows;

/// <summary>
/// A setting: everything that is said of it, once. The reader takes a value by its row alone, and <c>docs/configuration.md</c> and
/// <c>darkroom config</c> are written from the same rows.
/// </summary>
/// <param name="key">Its name below the section, such as <c>Engine:MaxBatch</c>.</param>
/// <param name="about">What it means, in a sentence or two.</param>
internal abstract class Setting(string key, string about)
{
    public const string Section = "Darkroom";

    private const string FileSuffix = "_FILE", FileKey = ":File";

    public string Key => key;

    /// <summary>As messages say it: <c>Darkroom:Engine:MaxBatch</c>.</summary>
    public string Name => NameOf(key);

    public string About => about;

    /// <summary>What it may be, in words.</summary>
    public abstract string Values { get; }

    /// <summary>What it is where nothing is said, in words; empty: nothing.</summary>
    public abstract string DefaultText { get; }

    /// <summary>Whether it may also be given as pairs: each a key below its own, which is text by the name of the pair.</summary>
    public bool IsMap { get; init; }

    /// <summary>Whether nobody should read it over a shoulder: it is never printed, and may stand in a file that another key names.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether it is a path, which on a command line stands against the caller's folder.</summary>
    public bool IsPath { get; init; }

    /// <summary>The keys that name the file of a secret, the first one first; none for others.</summary>
    public IEnumerable<string> FileKeys => IsSecret ? [key + FileSuffix, key + FileKey] : [];

    /// <summary>Every key by which it can be given.</summary>
    public IEnumerable<string> Keys => FileKeys.Prepend(key);

    public static string NameOf(string key) => $"{Section}:{key}";

    public override string ToString() => Name;
}

/// <inheritdoc/>
/// <param name="kind">What its text may be.</param>
/// <param name="fallback">What it is where nothing is said.</param>
internal sealed class Setting<T>(string key, SettingKind<T> kind, T fallback, string about) : Setting(key, about)
{
    public SettingKind<T> Kind => kind;

    public T Fallback => fallback;

    /// <summary>The default in words, where it depends on the machine or on other settings; null for a plain one.</summary>
    public string? DefaultWords { get; init; }

    public override string Values => kind.Values;

    public override string DefaultText => DefaultWords ?? kind.Write(fallback) ?? "";

    /// <summary>A value as a person may read it; null where it is none.</summary>
    public string? Show(T value) => kind.Write(value) is not { } text ? null : IsSecret ? "set" : text;
}

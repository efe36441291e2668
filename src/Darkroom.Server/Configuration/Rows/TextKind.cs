using System.Diagnostics.CodeAnalysis;

namespace Darkroom.Server.Configuration.Rows;

/// <summary>A text in a form of its own.</summary>
/// <param name="values">What it may be, in words.</param>
/// <param name="rule">The same as a rule: "must …".</param>
/// <param name="read">What a text says; null where it is wrong.</param>
/// <param name="write">A value as a text; null for one that says nothing.</param>
internal sealed class TextKind<T>(string values, string rule, Func<string, T?> read, Func<T, string?> write) : SettingKind<T> where T : class?
{
    public override string Values => values;

    public override string Rule => rule;

    public override bool IsQuoted => !IsSensitive;

    /// <summary>Whether a wrong value may hold a secret.</summary>
    public bool IsSensitive { get; init; }

    public override bool TryRead(string text, string home, [MaybeNullWhen(false)] out T value) => (value = read(text)) is not null;

    public override string? Write(T value) => value is null ? null : write(value);
}

/// <summary>A folder; relative ones stand against the home folder.</summary>
internal sealed class PathKind : SettingKind<string>
{
    public override string Values => "a folder";

    public override string Rule => "must be a path";

    public override bool TryRead(string text, string home, [MaybeNullWhen(false)] out string value)
    {
        // No file system has a name with a zero in it, and the framework throws.
        value = text.Contains('\0') ? null : Path.GetFullPath(text, home);
        return value is not null;
    }

    public override string Complete(string value, string home) => Path.GetFullPath(value, home);

    public override string Write(string value) => value;
}

/// <summary>A file, or none; relative ones stand against the home folder.</summary>
internal sealed class FileKind : SettingKind<string?>
{
    public override string Values => "a file";

    public override string Rule => "must be a path";

    public override bool TryRead(string text, string home, out string? value)
    {
        value = text.Contains('\0') ? null : Path.GetFullPath(text, home);
        return value is not null;
    }

    public override string? Write(string? value) => value;
}

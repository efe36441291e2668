using System.Diagnostics.CodeAnalysis;

namespace Darkroom.Server.Configuration.Rows;

/// <summary>What the text of a setting may be.</summary>
internal abstract class SettingKind<T>
{
    /// <summary>In words, for documents.</summary>
    public abstract string Values { get; }

    /// <summary>The same as a rule, to follow a value that is wrong: "must be …".</summary>
    public abstract string Rule { get; }

    /// <summary>Whether a fault may repeat the value. A secret, or what may hold one, is not repeated.</summary>
    public virtual bool IsQuoted => true;

    /// <param name="text">Not empty.</param>
    /// <param name="home">Absolute folder of relative paths.</param>
    /// <param name="value">What it says.</param>
    /// <returns>Whether it may be that.</returns>
    public abstract bool TryRead(string text, string home, [MaybeNullWhen(false)] out T value);

    /// <summary>A default as it is where the settings stand: a path is completed.</summary>
    public virtual T Complete(T value, string home) => value;

    /// <summary>A value as settings would have it; null for the one that says nothing.</summary>
    public abstract string? Write(T value);
}

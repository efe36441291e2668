namespace Darkroom.Server.Security.Keys;

/// <summary>What a key may do. <see cref="Admin"/> contains all others, and everybody's jobs.</summary>
[Flags]
internal enum KeyScope
{
    None = 0,
    Read = 1,
    Generate = 2,
    Metrics = 4,
    Admin = 8,
}

/// <summary>Scopes by their names.</summary>
internal static class KeyScopes
{
    public const KeyScope Usual = KeyScope.Generate | KeyScope.Read;

    public static readonly KeyScope All = Every.Aggregate((one, other) => one | other);

    public static IReadOnlyList<string> Names => [.. Every.Select(NameOf)];

    private static KeyScope[] Every => [KeyScope.Generate, KeyScope.Read, KeyScope.Admin, KeyScope.Metrics];

    /// <summary>Whether scopes hold what is needed.</summary>
    public static bool Allow(this KeyScope given, KeyScope needed) => given.HasFlag(KeyScope.Admin) || given.HasFlag(needed);

    /// <summary>Name of one scope.</summary>
    public static string NameOf(KeyScope scope) => scope.ToString().ToLowerInvariant();

    public static IReadOnlyList<string> NamesOf(KeyScope scopes) => [.. Every.Where(scope => scopes.HasFlag(scope)).Select(NameOf)];

    /// <summary>The scopes of these names; null where one is none, or there are none.</summary>
    public static KeyScope? Of(IEnumerable<string> names)
    {
        var scopes = KeyScope.None;
        foreach (var name in names)
        {
            var scope = Array.Find(Every, one => NameOf(one) == name);
            if (scope == KeyScope.None) return null;
            scopes |= scope;
        }
        return scopes == KeyScope.None ? null : scopes;
    }
}

using System.Text.RegularExpressions;

namespace Darkroom.Models.Pool;

/// <summary>Names of models in a cache of Hugging Face's hub, whose folders are <c>models--ORG--NAME/snapshots/REVISION</c>.</summary>
internal static partial class HubCache
{
    private const int ShortRevision = 7;

    /// <summary>The repository's folder; null for a folder that is no snapshot.</summary>
    public static string? RepositoryOf(string folder) => Snapshot().IsMatch(folder) ? Path.GetDirectoryName(Path.GetDirectoryName(folder)) : null;

    /// <summary><c>ORG--NAME</c>; null for a folder that is no snapshot.</summary>
    public static string? NameOf(string folder) => RepositoryOf(folder) is { } repository ? Path.GetFileName(repository)["models--".Length..] : null;

    /// <summary>The start of a snapshot's revision, which tells it from others of its repository.</summary>
    public static string RevisionOf(string snapshot) => Path.GetFileName(snapshot)[..ShortRevision];

    [GeneratedRegex(@"[/\\]models--[^/\\]+[/\\]snapshots[/\\][0-9a-f]{40}$", RegexOptions.CultureInvariant)]
    private static partial Regex Snapshot();
}

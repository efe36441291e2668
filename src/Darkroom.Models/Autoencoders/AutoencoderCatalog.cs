using Darkroom.Models.Checkpoints;
using Darkroom.Models.Pool;

namespace Darkroom.Models.Autoencoders;

/// <summary>
/// The autoencoders below a models path, as data: files and folders in its folder <c>vae</c>, at any depth. They may come and go while the server runs. No
/// graph is opened. Any thread may ask.
/// </summary>
public sealed class AutoencoderCatalog : IAutoencoderDirectory
{
    public const string FolderName = "vae";

    private const int MaxDepth = 8;

    private static readonly EnumerationOptions WithParts = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };

    private readonly WatchedFolder<AutoencoderDescription> found;
    private readonly ModelHash hash;

    /// <param name="modelsPath">The models path; one without the folder has no autoencoders.</param>
    /// <param name="hash">Names what files are.</param>
    /// <param name="time">When the folder is looked at again; null: the system's.</param>
    public AutoencoderCatalog(string modelsPath, ModelHash hash, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        this.hash = hash;
        found = new(Path.Combine(Path.GetFullPath(modelsPath), FolderName), folder => Look(folder, MaxDepth), Read, time);
    }

    public IReadOnlyList<AutoencoderDescription> All => [.. found.Current().Values.Select(entry => entry.Description)];

    public AutoencoderDescription? Find(string id) => Entry(id)?.Description;

    public string? HashOf(string id)
    {
        try
        {
            return Entry(id) is { Description.Fault: null } entry ? HashOf(entry) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where it is, and what is known of it; null for none.</summary>
    internal WatchedEntry<AutoencoderDescription>? Entry(string id) => found.Find(id);

    /// <exception cref="IOException">A file cannot be read.</exception>
    internal string HashOf(WatchedEntry<AutoencoderDescription> entry)
    {
        var place = new AutoencoderPlace(entry.Path);
        string folder = place.IsFile ? Path.GetDirectoryName(entry.Path)! : entry.Path;
        // The card of a file says nothing that its pictures depend on beyond the configuration that it names.
        return hash.OfFiles(folder, [.. place.Files().Where(file => File.Exists(file) && !file.EndsWith(ModelPlace.CardEnd, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/')).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static AutoencoderDescription Read(string id, string path) => AutoencoderOutline.Of(
        id, new AutoencoderPlace(path), WatchedFiles(path).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max());

    /// <summary>Folders that hold one, and files that are in none.</summary>
    private static IEnumerable<(string Path, IEnumerable<string> Files)> Look(string folder, int depth)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*" + CheckpointFile.Extension).Where(ModelPlace.IsCheckpoint))
            yield return (file, WatchedFiles(file));
        foreach (string child in Directory.EnumerateDirectories(folder))
            if (AutoencoderPlace.IsFolder(child)) yield return (child, WatchedFiles(child));
            else if (depth > 1)
                foreach (var below in Look(child, depth - 1)) yield return below;
    }

    /// <summary>What is looked at for changes: without reading any of it.</summary>
    private static string[] WatchedFiles(string path) => Directory.Exists(path)
        ? [.. Directory.EnumerateFiles(path, "*", WithParts).Order(StringComparer.Ordinal)]
        : [.. new AutoencoderPlace(path).Files()];
}

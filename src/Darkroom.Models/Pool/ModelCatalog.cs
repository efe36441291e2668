using Darkroom.Models.Catalog;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;

namespace Darkroom.Models.Pool;

/// <summary>
/// The models below a path, as data: no graph is opened. What it gives out is a snapshot of the last <see cref="Rescan"/>; any thread may ask while another
/// scans.
/// </summary>
public sealed class ModelCatalog
{
    private const string Starter = "starter";

    private readonly string path;
    private readonly Lock reading = new(); // one at a time: what was read earlier must not replace what was read later
    private volatile Snapshot snapshot = new([], new Dictionary<string, string>(), []);

    /// <param name="path">The models path; one that does not exist has no models. Scanned at once.</param>
    public ModelCatalog(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Rescan();
    }

    /// <summary>Every model, those with a fault too, in ordinal order of id.</summary>
    public IReadOnlyList<ModelDescription> All => snapshot.Models;

    /// <summary>The model of an id; null for none.</summary>
    public ModelDescription? Find(string id) => snapshot.Models.FirstOrDefault(model => model.Id == id);

    /// <summary>The folder of an id; null for none.</summary>
    public string? FolderOf(string id) => snapshot.Folders.GetValueOrDefault(id);

    /// <summary>
    /// The model that a request without one gets: the configured one, and null where it is not there; without configuration <c>starter</c>, else the first.
    /// </summary>
    public ModelDescription? DefaultModel(string? configured) =>
        string.IsNullOrEmpty(configured) ? Find(Starter) ?? snapshot.Models.FirstOrDefault() : Find(configured);

    /// <summary>Reads the disk again.</summary>
    public void Rescan()
    {
        lock (reading) Read();
    }

    /// <summary>Reads the disk again where a model was added, taken away, or replaced in its place since it was read.</summary>
    /// <returns>Ids of models that are others now, or gone; and whether anything changed at all.</returns>
    public (IReadOnlyList<string> Left, bool Changed) LookAgain()
    {
        lock (reading)
        {
            var before = snapshot;
            if (Marks(ModelScan.Models(path)).SequenceEqual(before.Marks)) return ([], false);
            Read();
            var now = snapshot;
            return ([.. before.Folders.Where(one => now.Folders.GetValueOrDefault(one.Key) != one.Value).Select(one => one.Key)], true);
        }
    }

    /// <summary>Reads one model's folder again.</summary>
    /// <returns>What is known of it now; null where there is no such model.</returns>
    public ModelDescription? Refresh(string id)
    {
        lock (reading)
        {
            if (FolderOf(id) is not { } folder) return null;
            var read = ModelFolder.Read(folder) with { Id = id };
            var now = snapshot;
            snapshot = now with { Models = [.. now.Models.Select(model => model.Id == id ? read : model)] };
            return read;
        }
    }

    private void Read()
    {
        var found = ModelScan.Models(path);
        var marks = Marks(found);
        var snapshots = found.Select(HubCache.RepositoryOf).OfType<string>().GroupBy(one => one, StringComparer.Ordinal)
            .ToDictionary(one => one.Key, one => one.Count());
        var folders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string model in found)
        {
            string relative = Relative(model, snapshots);
            // A file may have the name of a folder beside it, or of a file of another kind: then it keeps its extension.
            if (!folders.TryAdd(relative, model)) folders.TryAdd(relative + Path.GetExtension(model), model);
        }
        var ids = ModelIds.Of(folders.Keys);
        var models = folders.Select(folder => ModelFolder.Read(folder.Value) with { Id = ids[folder.Key] });
        snapshot = new(
            [.. models.OrderBy(model => model.Id, StringComparer.Ordinal)],
            folders.ToDictionary(folder => ids[folder.Key], folder => folder.Value, StringComparer.Ordinal),
            marks);
    }

    /// <summary>The folder's path below the models path; of a snapshot of Hugging Face's hub that of its repository, by a name that people can read.</summary>
    private string Relative(string folder, Dictionary<string, int> snapshots)
    {
        string name = Path.GetFileName(folder);
        if (ModelPlace.IsCheckpoint(folder)) (name, folder) = (Path.GetFileNameWithoutExtension(name), Path.ChangeExtension(folder, null));
        if (HubCache.RepositoryOf(folder) is { } repository)
        {
            name = HubCache.NameOf(folder)! + (snapshots[repository] > 1 ? "--" + HubCache.RevisionOf(folder) : "");
            folder = Path.Combine(Path.GetDirectoryName(repository)!, name);
        }
        string relative = Path.GetRelativePath(path, folder).Replace(Path.DirectorySeparatorChar, '/');
        return relative == "." || relative.StartsWith("..", StringComparison.Ordinal) ? name : relative;
    }

    /// <summary>What tells without reading that a model is another: where it is, and when its index, or its file and card, were written.</summary>
    private static string[] Marks(IReadOnlyList<string> found) => [.. found.Select(model => ModelPlace.IsCheckpoint(model)
        ? $"{model} {MarkOf(model)} {MarkOf(Path.ChangeExtension(model, null) + ModelPlace.CardEnd)}"
        : $"{model} {MarkOf(Path.Combine(model, PipelineIndex.Name))} {MarkOf(Path.Combine(model, DarkroomFile.Name))}")];

    private static string MarkOf(string file)
    {
        try
        {
            var info = new FileInfo(file);
            return info.Exists ? $"{info.Length} {info.LastWriteTimeUtc.Ticks}" : "-";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "-";
        }
    }

    private sealed record Snapshot(IReadOnlyList<ModelDescription> Models, IReadOnlyDictionary<string, string> Folders, IReadOnlyList<string> Marks);
}

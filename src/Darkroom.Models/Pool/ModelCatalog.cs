using Darkroom.Models.Catalog;

namespace Darkroom.Models.Pool;

/// <summary>
/// The models below a path, as data: no graph is opened. What it gives out is a snapshot of the last <see cref="Rescan"/>; any thread may ask while another scans.
/// </summary>
public sealed class ModelCatalog
{
    private const string Starter = "starter";

    private readonly string path;
    private volatile Snapshot snapshot = new([], new Dictionary<string, string>());

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
        var folders = ModelScan.Folders(path).ToDictionary(Relative, StringComparer.Ordinal);
        var ids = ModelIds.Of(folders.Keys);
        var models = folders.Select(folder => ModelFolder.Read(folder.Value) with { Id = ids[folder.Key] });
        snapshot = new(
            [.. models.OrderBy(model => model.Id, StringComparer.Ordinal)],
            folders.ToDictionary(folder => ids[folder.Key], folder => folder.Value, StringComparer.Ordinal));
    }

    private string Relative(string folder) =>
        folder == path ? Path.GetFileName(path) : Path.GetRelativePath(path, folder).Replace(Path.DirectorySeparatorChar, '/');

    private sealed record Snapshot(IReadOnlyList<ModelDescription> Models, IReadOnlyDictionary<string, string> Folders);
}

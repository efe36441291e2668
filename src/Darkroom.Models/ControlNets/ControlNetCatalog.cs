using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.ControlNets;

/// <summary>
/// The ControlNets below a models path, as data: the folders and files in <c>controlnets</c>. No graph is opened. What it gives out is a snapshot of the last
/// <see cref="Rescan"/>, and what has not changed since the one before is not read again; any thread may ask while another scans.
/// </summary>
public sealed class ControlNetCatalog : IControlNetDirectory
{
    public const string FolderName = "controlnets";

    private readonly string folder;
    private readonly Lock scanning = new();
    private readonly LookLimit unknown;
    private volatile IReadOnlyList<Entry> entries = [];

    /// <param name="modelsPath">The models path; one without the folder has no ControlNets. Scanned at once.</param>
    /// <param name="time">When the folder is looked at for names that are not known; null: the system's.</param>
    public ControlNetCatalog(string modelsPath, TimeProvider? time = null)
    {
        unknown = new(time ?? TimeProvider.System);
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        folder = Path.Combine(Path.GetFullPath(modelsPath), FolderName);
        Rescan();
    }

    /// <summary>In ordinal order of id.</summary>
    public IReadOnlyList<ControlNetDescription> All => [.. entries.Select(entry => entry.Contents.Description)];

    public ControlNetDescription? Find(string id)
    {
        if (EntryOf(id) is null) unknown.Look(() => LookAgain());
        return EntryOf(id)?.Contents.Description;
    }

    /// <summary>Reads the disk again.</summary>
    public void Rescan() => LookAgain();

    /// <summary>Reads the disk again where a ControlNet was added, changed or taken away.</summary>
    /// <returns>Whether one was.</returns>
    public bool LookAgain()
    {
        lock (scanning)
        {
            var before = entries;
            entries = [.. ControlNetScan.Find(folder).Select(place =>
                before.FirstOrDefault(one => one.Relative == place.Relative && one.Contents.Description.Id == place.Id && one.Contents.Stamps.Changed is null)
                ?? Read(place.Id, place.Relative))];
            return !entries.SequenceEqual(before);
        }
    }

    /// <summary>What a ControlNet's files are now.</summary>
    /// <exception cref="GraphException">There is none of the id.</exception>
    internal ControlNetContents ContentsOf(string id) => EntryOf(id) is { } entry
        ? ControlNetContents.Read(folder, entry.Relative, id)
        : throw new GraphException($"there is no ControlNet '{id}'", GraphFault.Unavailable);

    private Entry? EntryOf(string id) => entries.FirstOrDefault(entry => entry.Contents.Description.Id == id);

    private Entry Read(string id, string relative) => new(relative, ControlNetContents.Read(folder, relative, id));

    private sealed record Entry(string Relative, ControlNetContents Contents);
}

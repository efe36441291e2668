using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Loras;

/// <summary>
/// The LoRAs below a models path: every <c>*.safetensors</c> in its folder <c>loras</c>, at any depth. Files may come and go while the server runs: the folder
/// is looked at again when somebody asks, once a second at most, and the header of a file that has not changed is not read again. Any thread may ask.
/// </summary>
public sealed class LoraCatalog : ILoraDirectory
{
    public const string FolderName = "loras";

    private const string Ending = ".safetensors";

    private readonly WatchedFolder<LoraDescription> files;
    private readonly ModelHash hash;

    /// <param name="modelsPath">The models path; one without the folder has no LoRAs.</param>
    /// <param name="hash">Names what files are.</param>
    /// <param name="time">When the folder is looked at again; null: the system's.</param>
    public LoraCatalog(string modelsPath, ModelHash hash, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        this.hash = hash;
        files = new(Path.Combine(Path.GetFullPath(modelsPath), FolderName), Look, static (id, path) => LoraOutline.Of(id, new FileInfo(path)), time);
    }

    public IReadOnlyList<LoraDescription> All => [.. files.Current().Values.Select(entry => entry.Description)];

    public LoraDescription? Find(string id) => files.Find(id)?.Description;

    public string? HashOf(string id)
    {
        try
        {
            return files.Find(id) is { } entry ? HashOf(entry) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A LoRA as a model takes it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="known">The hash of the file that is meant; null: whatever it is now.</param>
    /// <exception cref="GraphException">It is gone, or is another file now.</exception>
    public LoraChoice Choose(string id, double weight, double textWeight, string? known)
    {
        if (files.Find(id) is not { } entry) throw new GraphException($"LoRA '{id}' is gone", GraphFault.Unavailable);
        string now;
        try
        {
            now = HashOf(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"LoRA '{id}' cannot be read: {FileFault.PlainReason(e)}", GraphFault.Unavailable, e);
        }
        if (known is not null && known != now) throw new GraphException($"LoRA '{id}' was changed on disk after it was asked for", GraphFault.Unavailable);
        return new(id, entry.Path, now, weight, textWeight);
    }

    private string HashOf(WatchedEntry<LoraDescription> entry) =>
        hash.OfFiles(Path.GetDirectoryName(entry.Path)!, [Path.GetFileName(entry.Path)]);

    private static IEnumerable<(string Path, IEnumerable<string> Files)> Look(string folder) => FilesBelow.Of(folder, Ending)
        .Select(file => (file.FullName, (IEnumerable<string>)[file.FullName, LoraCard.PathOf(file.FullName)]));
}

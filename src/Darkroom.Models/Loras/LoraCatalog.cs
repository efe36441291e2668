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

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, MaxRecursionDepth = 8, IgnoreInaccessible = true };

    private readonly string folder;
    private readonly ModelHash hash;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private OrderedDictionary<string, Entry> entries = [];
    private long? looked;

    /// <param name="modelsPath">The models path; one without the folder has no LoRAs.</param>
    /// <param name="hash">Names what files are.</param>
    /// <param name="time">When the folder is looked at again; null: the system's.</param>
    public LoraCatalog(string modelsPath, ModelHash hash, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        folder = Path.Combine(Path.GetFullPath(modelsPath), FolderName);
        (this.hash, this.time) = (hash, time ?? TimeProvider.System);
    }

    public IReadOnlyList<LoraDescription> All => [.. Current().Values.Select(entry => entry.Description)];

    public LoraDescription? Find(string id) => Current().GetValueOrDefault(id)?.Description;

    public string? HashOf(string id)
    {
        try
        {
            return Current().GetValueOrDefault(id) is { } entry ? HashOf(entry) : null;
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
        if (Current().GetValueOrDefault(id) is not { } entry) throw new GraphException($"LoRA '{id}' is gone", GraphFault.Unavailable);
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

    private string HashOf(Entry entry) => hash.OfFiles(Path.GetDirectoryName(entry.Path)!, [Path.GetFileName(entry.Path)]);

    private OrderedDictionary<string, Entry> Current()
    {
        lock (gate)
        {
            if (looked is { } before && time.GetElapsedTime(before) < Between) return entries;
            var known = entries.Values.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
            var files = Files().ToDictionary(
                file => Path.GetRelativePath(folder, file.FullName)[..^Ending.Length].Replace(Path.DirectorySeparatorChar, '/'), StringComparer.Ordinal);
            var ids = ModelIds.Of(files.Keys);
            var read = new OrderedDictionary<string, Entry>(StringComparer.Ordinal);
            foreach (var (relative, file) in files.OrderBy(file => ids[file.Key], StringComparer.Ordinal))
            {
                string id = ids[relative];
                var (length, written) = (file.Length, file.LastWriteTimeUtc.Ticks);
                read[id] = known.GetValueOrDefault(file.FullName) is { } same && same.Length == length && same.Written == written && same.Description.Id == id
                    ? same : new(file.FullName, length, written, LoraOutline.Of(id, file));
            }
            looked = time.GetTimestamp();
            return entries = read;
        }
    }

    private FileInfo[] Files()
    {
        try
        {
            return [.. new DirectoryInfo(folder).EnumerateFiles("*" + Ending, Everywhere).Where(file => file.Exists && file.Name.Length > Ending.Length)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
    }

    private sealed record Entry(string Path, long Length, long Written, LoraDescription Description);
}

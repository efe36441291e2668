using Darkroom.Models.Checkpoints.Loras;
using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Loras;

/// <summary>
/// The LoRAs below a models path: every <c>*.safetensors</c> in its folder <c>loras</c>, at any depth, as <see cref="WatchedFiles{T}"/> has them: of a file
/// that is new the header is read. Any thread may ask.
/// </summary>
public sealed class LoraCatalog : ILoraDirectory
{
    public const string FolderName = "loras";

    private readonly WatchedFiles<LoraDescription> files;
    private readonly ModelHash hash;

    /// <param name="modelsPath">The models path; one without the folder has no LoRAs.</param>
    /// <param name="hash">Names what files are.</param>
    /// <param name="time">When the folder is looked at again; null: the system's.</param>
    public LoraCatalog(string modelsPath, ModelHash hash, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        files = new(
            Path.Combine(Path.GetFullPath(modelsPath), FolderName), [".safetensors"], LoraOutline.Of, static one => one.Id, time ?? TimeProvider.System);
        this.hash = hash;
    }

    public IReadOnlyList<LoraDescription> All => [.. files.Current().Values.Select(file => file.Value)];

    public LoraDescription? Find(string id) => files.Current().GetValueOrDefault(id)?.Value;

    public string? HashOf(string id)
    {
        try
        {
            return files.Current().GetValueOrDefault(id) is { } file ? HashOf(file) : null;
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
        if (files.Current().GetValueOrDefault(id) is not { } file) throw new GraphException($"LoRA '{id}' is gone", GraphFault.Unavailable);
        string now;
        try
        {
            now = HashOf(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GraphException($"LoRA '{id}' cannot be read: {FileFault.PlainReason(e)}", GraphFault.Unavailable, e);
        }
        if (known is not null && known != now) throw new GraphException($"LoRA '{id}' was changed on disk after it was asked for", GraphFault.Unavailable);
        return new(id, file.Path, now, weight, textWeight);
    }

    private string HashOf(WatchedFile<LoraDescription> file) => hash.OfFiles(Path.GetDirectoryName(file.Path)!, [Path.GetFileName(file.Path)]);
}

using Darkroom.Models.Files;
using Darkroom.Models.Pool;
using Darkroom.Models.Sessions;
using Darkroom.Models.Text;

namespace Darkroom.Models.Embeddings;

/// <summary>
/// The textual inversions below a models path: the files in its folder <c>embeddings</c>, at any depth, as <see cref="WatchedFolder{T}"/> has them. Files that
/// are pickles are listed with the reason why they are not read. Any thread may ask.
/// </summary>
public sealed class EmbeddingCatalog : IEmbeddingDirectory
{
    public const string FolderName = "embeddings";

    private const string Pickle = "it is a pickle, which can run any program when it is read; convert it to .safetensors on a machine that you can lose";

    private readonly WatchedFolder<EmbeddingDescription> files;

    /// <param name="modelsPath">The models path; one without the folder has no textual inversions.</param>
    /// <param name="time">When the folder is looked at again; null: the system's.</param>
    public EmbeddingCatalog(string modelsPath, TimeProvider? time = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        files = new(Path.Combine(Path.GetFullPath(modelsPath), FolderName), Look, static (id, path) => Describe(id, new FileInfo(path)), time);
    }

    public IReadOnlyList<EmbeddingDescription> All => [.. files.Current().Values.Select(file => file.Description)];

    /// <summary>A textual inversion as tokenizers and text encoders take it. Reads its file.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="known">The hash of the file that is meant; null: whatever it is now.</param>
    /// <exception cref="GraphException">It is gone, cannot be used, or is another file now.</exception>
    public PromptEmbedding Load(string id, string? known)
    {
        if (files.Find(id) is not { } file) throw Unavailable("is gone");
        try
        {
            var read = EmbeddingFile.Read(file.Path);
            if (known is not null && known != read.Hash) throw Unavailable("was changed on disk after it was asked for");
            return new(file.Description.Names with { Token = read.Token }, read.Hash, read.Count, read.Vectors);
        }
        catch (InvalidDataException e)
        {
            throw Unavailable($"cannot be used: it {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"cannot be read: {FileFault.PlainReason(e)}", e);
        }

        GraphException Unavailable(string reason, Exception? inner = null) => new($"textual inversion '{id}' {reason}", GraphFault.Unavailable, inner);
    }

    /// <summary>Those that are read come first: of two files whose names differ in the ending alone, the other keeps it in its id.</summary>
    private static IEnumerable<(string Path, IEnumerable<string> Files)> Look(string folder) =>
        from ending in (string[])[EmbeddingFile.Ending, .. EmbeddingFile.Pickles]
        from file in FilesBelow.Of(folder, ending).OrderBy(file => file.FullName, StringComparer.Ordinal)
        select (file.FullName, (IEnumerable<string>)[file.FullName]);

    private static EmbeddingDescription Describe(string id, FileInfo info)
    {
        var blank = new EmbeddingDescription
        {
            Id = id, FileName = Path.GetFileNameWithoutExtension(info.Name), Bytes = info.Length, Created = info.LastWriteTimeUtc,
        };
        if (!info.Name.EndsWith(EmbeddingFile.Ending, StringComparison.Ordinal)) return blank with { Fault = Pickle };
        try
        {
            var read = EmbeddingFile.Read(info.FullName);
            return blank with
            {
                Token = read.Token, Vectors = read.Count, Widths = [.. read.Vectors.Select(vectors => vectors.Length / read.Count)], Hash = read.Hash,
            };
        }
        catch (InvalidDataException e)
        {
            return blank with { Fault = $"it {e.Message}" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return blank with { Fault = "it cannot be read: " + FileFault.PlainReason(e) };
        }
    }
}

using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.ControlNets;
using Darkroom.Models.Embeddings;
using Darkroom.Models.Files;
using Darkroom.Models.Loras;
using Darkroom.Models.Pool;
using Darkroom.Models.Upscaling;

namespace Darkroom.Models.Inventory;

/// <summary>A file of weights that no catalog lists.</summary>
/// <param name="Path">Relative to the models path, with <c>/</c>.</param>
/// <param name="Reason">A predicate of it.</param>
public sealed record UnreadFile(string Path, string Reason);

/// <summary>Finds files that look like weights and are read by nothing, so that a person who put one there learns why it does not appear.</summary>
public static class UnreadFiles
{
    private const int MaxFiles = 1000;
    private const string Pickle = "is a pickle, which can run any program when it is read; it has to be a .safetensors file";

    /// <summary>In ordinal order of path, 1,000 at most; none where the path does not exist.</summary>
    public static IReadOnlyList<UnreadFile> Under(string modelsPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelsPath);
        string root = Path.GetFullPath(modelsPath);
        string[] models = [.. ModelScan.Models(root).Select(path => path + Path.DirectorySeparatorChar)];
        string nets = Path.Combine(root, ControlNetCatalog.FolderName);
        var listed = ControlNetScan.Find(nets).Select(net => Path.Combine(nets, net.Relative)).ToHashSet(StringComparer.Ordinal); // faulty ones too
        try
        {
            return [.. FilesBelow.Of(root, "").Select(file => file.FullName)
                .Where(file => !listed.Contains(file) && !Array.Exists(models, model => file.StartsWith(model, StringComparison.Ordinal)))
                .Select(file => (Path: Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'), File: file))
                .Select(file => ReasonOf(file.Path, file.File) is { } reason ? new UnreadFile(file.Path, reason) : null)
                .OfType<UnreadFile>().Take(MaxFiles).OrderBy(file => file.Path, StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // not there, or not ours to read
        }
    }

    /// <summary>Null for a file that is no weights, or that a catalog lists.</summary>
    private static string? ReasonOf(string path, string file)
    {
        string top = path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "";
        string end = Path.GetExtension(path).ToLowerInvariant();
        bool isListed = top switch
        {
            UpscalerCatalog.FolderName => end == ".onnx" && path.Count(letter => letter == '/') == 1,
            LoraCatalog.FolderName => end == ".safetensors",
            ControlNetCatalog.FolderName => end == ".safetensors" || (Path.GetFileName(path) == GraphFile.Name && path.Count(letter => letter == '/') > 1),
            EmbeddingCatalog.FolderName => end is ".safetensors" or ".pt" or ".bin", // pickles with a fault that says so
            AutoencoderCatalog.FolderName => end == ".safetensors"
                || (Path.GetFileName(path) == GraphFile.Name && AutoencoderPlace.Halves.Contains(Path.GetFileName(Path.GetDirectoryName(path))!)),
            _ => end is ".safetensors" or ".ckpt", // a model, or one with a fault that says what it is
        };
        if (isListed) return null;
        return end switch
        {
            ".pt" or ".pth" or ".bin" or ".ckpt" => Pickle,
            ".gguf" => "has quantised weights of another program (GGUF), which are not read; a .safetensors file is",
            ".onnx" => top == ControlNetCatalog.FolderName ? $"is read where it is called {ControlNetCatalog.FolderName}/ID/{GraphFile.Name}"
                : top == UpscalerCatalog.FolderName ? $"is read where it stands in {UpscalerCatalog.FolderName} itself"
                : $"is in no model's folder: one has {PipelineIndex.Name}",
            ".safetensors" => $"is not read in {top}",
            _ => null,
        };
    }
}

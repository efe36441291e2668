using Darkroom.Models.Catalog.Parts;
using Darkroom.Models.Checkpoints;
using Darkroom.Models.Files;

namespace Darkroom.Models.Pool;

/// <summary>
/// Finds the models below a path, at any depth: folders with a <c>model_index.json</c>, none inside another, and files of weights that are in none. A folder of
/// configurations that a file names is no model. Some folders at the top hold models of other kinds. Links are followed; what is reached twice is one model,
/// found by its own name before a link's.
/// </summary>
internal sealed class ModelScan
{
    private static readonly HashSet<string> OtherKinds = new(StringComparer.Ordinal) { "upscalers", "loras", "embeddings", "vae", "controlnets" };

    private readonly string root;
    private readonly List<string> found = [], files = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    private ModelScan(string root) => this.root = root;

    /// <summary>Paths of folders and files as they are reached from <paramref name="root"/>; none where it does not exist.</summary>
    public static IReadOnlyList<string> Models(string root)
    {
        var scan = new ModelScan(root);
        scan.Visit();
        var configs = scan.files.Select(ModelPlace.ConfigOf).OfType<string>().Select(RealPath.Of).ToHashSet(StringComparer.Ordinal);
        return [.. scan.found.Where(folder => !configs.Contains(RealPath.Of(folder))), .. scan.files];
    }

    private void Visit()
    {
        // All folders proper first, whatever their depth, then what links lead to.
        var folders = new Stack<string>([root]);
        var links = new Queue<string>();
        while (folders.TryPop(out string? folder) || links.TryDequeue(out folder))
        {
            if (!seen.Add(RealPath.Of(folder))) continue;
            if (Path.Exists(Path.Combine(folder, PipelineIndex.Name)))
            {
                found.Add(folder);
                continue;
            }
            foreach (var child in Children(folder))
            {
                if (folder == root && OtherKinds.Contains(child.Name)) continue;
                if (child.LinkTarget is null) folders.Push(child.FullName);
                else links.Enqueue(child.FullName);
            }
            foreach (string file in Files(folder))
                if (seen.Add(RealPath.Of(file))) files.Add(file);
        }
    }

    private static IEnumerable<string> Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder).Where(ModelPlace.IsCheckpoint).Order(StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<DirectoryInfo> Children(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).GetDirectories().OrderBy(child => child.Name, StringComparer.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return []; // gone, or not ours to read
        }
    }
}
